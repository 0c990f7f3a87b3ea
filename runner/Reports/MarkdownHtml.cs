using System.Text.RegularExpressions;
using Ganss.Xss;
using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Helpers;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Backprop.Runner.Reports;

/// <summary>Converts a notebook's Markdown to HTML without scripts.</summary>
internal static partial class MarkdownHtml
{
    private const int MaxTagDepth = 1000;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UseAdvancedExtensions().Build();
    private static readonly HtmlSanitizer Sanitizer = CreateSanitizer();

    /// <summary>Parses one of several pieces of Markdown on a page.</summary>
    /// <param name="markdown">The Markdown.</param>
    /// <param name="ids">The ids of the page's headings so far. Those of this piece are added, with a number when an id is taken.</param>
    public static MarkdownDocument Parse(string markdown, ISet<string> ids)
    {
        var prose = Read(markdown);
        foreach (var attributes in prose.Descendants<HeadingBlock>().Select(heading => heading.GetAttributes()))
        {
            var id = attributes.Id ?? "section";
            for (var number = 0; !ids.Add(attributes.Id = number == 0 ? id : $"{id}-{number}"); number++)
            {
            }
        }

        return prose;
    }

    /// <summary>Converts Markdown that a cell displays. Its headings have no ids, so that links to the notebook's own headings stay unambiguous.</summary>
    public static string ToHtml(string markdown)
    {
        var prose = Read(markdown);
        foreach (var heading in prose.Descendants<HeadingBlock>())
        {
            heading.GetAttributes().Id = null;
        }

        return ToHtml(prose, folder: ".");
    }

    /// <summary>Converts Markdown to HTML, with formulas as MathML.</summary>
    /// <param name="prose">The Markdown.</param>
    /// <param name="folder">The folder that its links are relative to, as a path from the page.</param>
    public static string ToHtml(MarkdownDocument prose, string folder)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var renderer = new HtmlRenderer(text) { LinkRewriter = link => IsRelative(link) && folder != "." ? $"{folder}/{link}" : link };
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<HtmlMathInlineRenderer>(new InlineFormula());
        renderer.ObjectRenderers.Replace<HtmlMathBlockRenderer>(new DisplayedFormula());
        renderer.Render(prose);
        return Sanitizer.Sanitize(text.ToString());
    }

    /// <summary>Returns the levels, texts and ids of the headings.</summary>
    public static IEnumerable<(int Level, string Text, string Id)> Headings(MarkdownDocument prose) =>
        from heading in prose.Descendants<HeadingBlock>()
        let text = string.Concat(heading.Inline!.Descendants().Select(inline => inline switch
        {
            LiteralInline literal => literal.Content.ToString(),
            CodeInline code => code.Content,
            _ => "",
        }))
        select (heading.Level, text, heading.GetAttributes().Id!);

    // Markdig rejects deeply nested Markdown, some of it only when rendering, and the sanitizer takes quadratic time in the depth. Such Markdown is shown as source.
    private static MarkdownDocument Read(string markdown)
    {
        try
        {
            var prose = Markdown.Parse(markdown, Pipeline);
            return DepthOf(prose.ToHtml(Pipeline)) > MaxTagDepth ? AsSource(markdown) : prose;
        }
        catch (ArgumentException)
        {
            return AsSource(markdown);
        }
    }

    private static MarkdownDocument AsSource(string markdown) => [new CodeBlock(null!) { Lines = new StringLineGroup(markdown) }];

    // The maximum number of open tags. A tag that is never closed stays open to the end, as in an HTML parser.
    private static int DepthOf(string html)
    {
        var (depth, deepest) = (0, 0);
        foreach (var tag in Tag().EnumerateMatches(html))
        {
            depth += html[tag.Index + 1] == '/' ? (depth > 0 ? -1 : 0) : 1;
            deepest = Math.Max(deepest, depth);
        }

        return deepest;
    }

    [GeneratedRegex(@"</?(?!(area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)[a-z]", RegexOptions.IgnoreCase)]
    private static partial Regex Tag();

    private static bool IsRelative(string link) => link.Length > 0 && link[0] is not '#' and not '/' && !Uri.TryCreate(link, UriKind.Absolute, out _);

    private static HtmlSanitizer CreateSanitizer()
    {
        var sanitizer = new HtmlSanitizer();
        string[] tags = ["math", "mrow", "mi", "mn", "mo", "msub", "msup", "msubsup", "mover", "mfrac", "msqrt", "mtext", "mspace", "details", "summary"];
        string[] attributes = ["id", "class", "xmlns", "mathvariant", "accent", "display"];
        sanitizer.AllowedTags.UnionWith(tags);
        sanitizer.AllowedAttributes.UnionWith(attributes);
        return sanitizer;
    }

    private sealed class InlineFormula : HtmlObjectRenderer<MathInline>
    {
        // A formula between double dollars is a displayed one, even in the middle of a line.
        protected override void Write(HtmlRenderer renderer, MathInline formula) =>
            renderer.Write(TexMath.ToMathMl(formula.Content.ToString(), display: formula.DelimiterCount > 1));
    }

    private sealed class DisplayedFormula : HtmlObjectRenderer<MathBlock>
    {
        protected override void Write(HtmlRenderer renderer, MathBlock formula) =>
            renderer.Write(TexMath.ToMathMl(formula.Lines.ToString(), display: true)).WriteLine();
    }
}

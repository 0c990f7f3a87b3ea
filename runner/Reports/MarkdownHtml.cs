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

/// <summary>The prose of a notebook as HTML that can run no script.</summary>
internal static partial class MarkdownHtml
{
    private const int DeepestTags = 1000;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UseAdvancedExtensions().Build();
    private static readonly HtmlSanitizer Sanitizer = MakeSanitizer();

    /// <summary>Reads prose that shares a page with other prose.</summary>
    /// <param name="markdown">The prose.</param>
    /// <param name="ids">The ids of the page's headings so far; those of this prose are added, with a number where an id is taken.</param>
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

    /// <summary>Prose that a cell shows, as HTML; its headings have no ids, so that no link to the notebook's own headings leads here.</summary>
    public static string ToHtml(string markdown)
    {
        var prose = Read(markdown);
        foreach (var heading in prose.Descendants<HeadingBlock>())
        {
            heading.GetAttributes().Id = null;
        }

        return ToHtml(prose, folder: ".");
    }

    /// <summary>The prose as HTML, its formulas as MathML.</summary>
    /// <param name="prose">The prose.</param>
    /// <param name="folder">The folder from which its links count, as seen from the page.</param>
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

    /// <summary>The headings of the prose: how deep, what they say, and the ids under which <see cref="ToHtml(MarkdownDocument, string)"/> writes them.</summary>
    public static IEnumerable<(int Level, string Text, string Id)> Headings(MarkdownDocument prose) =>
        from heading in prose.Descendants<HeadingBlock>()
        let text = string.Concat(heading.Inline!.Descendants().Select(inline => inline switch
        {
            LiteralInline literal => literal.Content.ToString(),
            CodeInline code => code.Content,
            _ => "",
        }))
        select (heading.Level, text, heading.GetAttributes().Id!);

    // Markdig refuses what is nested too deeply, some of it only when it renders, and cleaning takes time with the square of the depth; such prose is shown as it was written.
    private static MarkdownDocument Read(string markdown)
    {
        try
        {
            var prose = Markdown.Parse(markdown, Pipeline);
            return DepthOf(prose.ToHtml(Pipeline)) > DeepestTags ? AsWritten(markdown) : prose;
        }
        catch (ArgumentException)
        {
            return AsWritten(markdown);
        }
    }

    private static MarkdownDocument AsWritten(string markdown) => [new CodeBlock(null!) { Lines = new StringLineGroup(markdown) }];

    // How many tags are open at once; one that is never closed counts to the end, as for whoever reads HTML.
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

    private static HtmlSanitizer MakeSanitizer()
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
        // A formula between double dollars may stand inside a line, and is still one to display.
        protected override void Write(HtmlRenderer renderer, MathInline formula) =>
            renderer.Write(TexMath.ToMathMl(formula.Content.ToString(), display: formula.DelimiterCount > 1));
    }

    private sealed class DisplayedFormula : HtmlObjectRenderer<MathBlock>
    {
        protected override void Write(HtmlRenderer renderer, MathBlock formula) =>
            renderer.Write(TexMath.ToMathMl(formula.Lines.ToString(), display: true)).WriteLine();
    }
}

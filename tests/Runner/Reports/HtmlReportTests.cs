using System.Text.RegularExpressions;
using Backprop.Runner.Documents;
using Backprop.Runner.Outputs;
using Backprop.Runner.Reports;

namespace Backprop.Tests.Runner.Reports;

public partial class HtmlReportTests
{
    [Fact]
    public void Code_is_shown_unchanged_with_syntax_highlighting()
    {
        const string code = "#r \"nuget: A, 1\"\nusing static B; // <why>\nvar s = $\"{1 + 2} ü\"; /* x */\n";

        var html = Code(code);

        Assert.Equal(code, System.Net.WebUtility.HtmlDecode(Tag().Replace(html, "")));
        Assert.Contains("<span class=\"directive\">#r &quot;nuget: A, 1&quot;\n</span>", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"keyword\">using</span> <span class=\"keyword\">static</span> B", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"comment\">// &lt;why&gt;</span>", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"keyword\">var</span>", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"number\">1</span>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_with_syntax_errors_is_shown_completely()
    {
        const string code = "var = ; }} \"open\n#!magic\nint x";

        Assert.Equal(code, System.Net.WebUtility.HtmlDecode(Tag().Replace(Code(code), "")));
    }

    [Theory]
    [InlineData("$a_1^2$", "<math xmlns=\"http://www.w3.org/1998/Math/MathML\" display=\"inline\"><mrow><msubsup><mi>a</mi><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></msubsup></mrow></math>")]
    [InlineData("$$\\frac{\\partial L}{\\partial w} = 2.5$$", "<mfrac><mrow><mi>∂</mi><mi>L</mi></mrow><mrow><mi>∂</mi><mi>w</mi></mrow></mfrac><mo>=</mo><mn>2.5</mn>")]
    [InlineData("$\\mathrm{relu}(x)$", "<mi mathvariant=\"normal\">relu</mi><mo>(</mo><mi>x</mi><mo>)</mo>")]
    [InlineData("$\\unknown{x}$", "<code>\\unknown{x}</code>")]
    [InlineData("$x^{$", "<code>x^{</code>")]
    [InlineData("$a < b$", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>")]
    public void Formulas_become_MathML_or_stay_TeX(string markdown, string html) =>
        Assert.Contains(html, Report(Prose(markdown)), StringComparison.Ordinal);

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("<a href=\"javascript:alert(1)\">x</a>")]
    [InlineData("<iframe src=\"https://example.org\"></iframe>")]
    [InlineData("[x](data:text/html,<script>alert(1)</script>)")]
    [InlineData("$</math><script>alert(1)</script>$")]
    public void Prose_can_run_no_script(string markdown)
    {
        var html = Report(Prose(markdown));

        Assert.DoesNotMatch(Dangerous(), html);
    }

    [Theory]
    [InlineData("", "*a ", "")]
    [InlineData("", "[", "<b>")]
    [InlineData("", ">", "")]
    [InlineData("", "<div>", "")]
    [InlineData("text ", "<b>", "")]
    [InlineData("<br> <img> ", "<I title=1>", "</b>")]
    [InlineData("$", "{", "x$")]
    [InlineData("$", "\\sqrt", "x$")]
    public void Deeply_nested_Markdown_is_shown_as_source(string start, string deeper, string end)
    {
        var markdown = start + string.Concat(Enumerable.Repeat(deeper, 50_000)) + end;

        Assert.Contains(System.Net.WebUtility.HtmlEncode(markdown.Trim('$')), Report(Prose(markdown)), StringComparison.Ordinal);
    }

    [Fact]
    public void Prose_may_have_many_void_tags() =>
        Assert.Contains("the end</strong>", Report(Prose(string.Concat(Enumerable.Repeat("text<br>and **more**<img alt=\"a\">\n", 2_000)) + "**the end**")), StringComparison.Ordinal);

    [Fact]
    public void Prose_may_have_collapsible_details() =>
        Assert.Contains("<details>\n<summary>Solution</summary>", Report(Prose("<details>\n<summary>Solution</summary>\n\ntext\n\n</details>")), StringComparison.Ordinal);

    [Fact]
    public void Text_and_errors_are_escaped()
    {
        var html = Report(new ExecutedCell(
            new Cell(CellKind.Code, "csharp", "// <script>"),
            1,
            [new StreamOutput(StreamKind.Out, "<script>a"), new ErrorOutput("<script>E", "<script>m", ["<script>t"])],
            default));

        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;m", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_contents_link_to_every_heading_but_the_title()
    {
        var html = Report(Prose("# The title"), Prose("## One `code`\n\n### Two & three"));

        Assert.Contains("<title>The title</title>", html, StringComparison.Ordinal);
        foreach (var link in Link().Matches(html).Select(match => match.Groups["id"].Value))
        {
            Assert.Contains($"id=\"{link}\"", html, StringComparison.Ordinal);
        }

        Assert.Equal(["One code", "Two &amp; three"], Link().Matches(html).Select(match => match.Groups["text"].Value));
    }

    [Fact]
    public void Equal_headings_get_unique_ids_and_the_contents_link_to_them()
    {
        var html = Report(
            Prose("# The title\n\n## Again\n\nfirst"),
            Shown("text/markdown", "## Again\n\noutput"),
            Prose("## Again\n\nsecond\n\n## Again 1\n\nthird\n\n## Again\n\nfourth"));

        var ids = HeadingId().Matches(html).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(5, ids.Distinct().Count());
        Assert.Equal(ids.Skip(1), Link().Matches(html).Select(match => match.Groups["id"].Value));
        Assert.Equal("again", ids[1]);
        Assert.Matches($"(?s)id=\"{ids[2]}\">Again</h2>\\s*<p>second", html);
    }

    [Fact]
    public void Links_are_relative_to_the_notebooks_folder()
    {
        var html = Report("..", [], Prose("[a](README.md#x) [b](#here) [c](https://example.org/)"));

        Assert.Equal(["data:,", "../README.md#x", "#here", "https://example.org/"], Href().Matches(html).Select(match => match.Groups[1].Value));
    }

    [Fact]
    public void The_page_names_times_and_versions()
    {
        var html = Report(".", ["Some.Package 1.2.3"], new ExecutedCell(new Cell(CellKind.Code, "csharp", "1"), 1, [], TimeSpan.FromSeconds(1.25)));

        Assert.Contains(">1.25 s<", html, StringComparison.Ordinal);
        Assert.Contains($"Run in 1.2 s on .NET {Environment.Version}", html.Replace("Run in 1.3 s", "Run in 1.2 s", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("Some.Package 1.2.3", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_loads_nothing_from_outside() =>
        Assert.DoesNotMatch(External(), Report(Prose("# A\n\n$x$"), Prose("## B")));

    private static ExecutedCell Prose(string markdown) => new(new Cell(CellKind.Markdown, "markdown", markdown), null, [], default);

    private static ExecutedCell Shown(string mimeType, string text) =>
        new(new Cell(CellKind.Code, "csharp", "1"), 1, [new ValueOutput(new Dictionary<string, string> { [mimeType] = text }, "", IsResult: true)], default);

    private static string Report(params ExecutedCell[] cells) => Report(".", [], cells);

    private static string Report(string folder, IReadOnlyList<string> packages, params ExecutedCell[] cells) =>
        new HtmlReport("title", [.. cells.Select(cell => cell.Cell)], folder).Write(cells, packages);

    private static string Code(string source)
    {
        var html = Report(new ExecutedCell(new Cell(CellKind.Code, "csharp", source), 1, [], default));
        const string open = "<pre class=\"code\"><code>";
        return html[(html.IndexOf(open, StringComparison.Ordinal) + open.Length)..html.IndexOf("</code></pre>", StringComparison.Ordinal)];
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("<script|<iframe|<[^>]*(onerror|javascript:|href=\"data:text)", RegexOptions.IgnoreCase)]
    private static partial Regex Dangerous();

    [GeneratedRegex("<a href=\"#(?<id>[^\"]*)\">(?<text>[^<]*)</a></li>")]
    private static partial Regex Link();

    [GeneratedRegex("<h[1-6] id=\"([^\"]*)\"")]
    private static partial Regex HeadingId();

    [GeneratedRegex("href=\"([^\"]*)\"")]
    private static partial Regex Href();

    [GeneratedRegex("(src|href)=\"(https?:)?//|@import|url\\(")]
    private static partial Regex External();
}

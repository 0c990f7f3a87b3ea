using System.Text.Json;
using System.Text.Json.Nodes;
using Backprop.Runner.Documents;
using Backprop.Runner.Outputs;
using Backprop.Runner.Reports;

namespace Backprop.Tests.Browser;

/// <summary>All outputs of the lesson on one page, as in an editor and as in the report.</summary>
[Parallel]
public sealed class LessonPageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly string Saved = File.ReadAllText(Path.Combine(TestData.Root, "Backprop.ipynb"));
    private static readonly List<string> Outputs = HtmlOutputs();
    private static readonly string Report = MakeReport();

    [Theory]
    [InlineData(1200)]
    [InlineData(800)]
    public async Task All_outputs_fit_on_one_page_without_overlapping(int width)
    {
        await using var page = await chromium.Open(string.Concat(Outputs.Select(output => $"<div>{output}</div>")), online: false, width: width);
        var texts = await page.Texts();

        Assert.InRange(texts.Count, 200, 1000);
        Assert.All(texts, text => Assert.True(text.Left >= 0 && text.Right <= width, $"{text} in {width}"));
        Assert.All(texts, text => Assert.DoesNotContain(texts, other => !ReferenceEquals(other, text) && other.Covers(text)));
        Assert.All(page.Requests, address => Assert.Equal(PlotlyUpgrade.Address, address));
    }

    [Fact]
    public async Task A_host_that_shrinks_wide_pictures_does_not_change_these()
    {
        // As JupyterLab does.
        const string shrinking = "<style>img, svg { max-width: 100%; height: auto }</style>";
        var outputs = string.Concat(Outputs);
        await using var alone = await chromium.Open(outputs, online: false, width: 1200);
        await using var hosted = await chromium.Open(outputs, online: false, head: shrinking, width: 1200);

        Assert.Equal(await alone.Texts(), await hosted.Texts());
    }

    [Theory]
    [MemberData(nameof(Theme.Names), MemberType = typeof(Theme))]
    public async Task Every_text_can_be_read_in_every_theme(string name)
    {
        // Everything but the names of the samples, which are on discs, is on the background of the page.
        var theme = Theme.Named(name);
        await using var page = await chromium.Open(string.Concat(Outputs), online: false, head: theme.Head);
        var colours = (await page.View.EvaluateAsync<JsonElement>(
            "[...document.querySelectorAll('text, figcaption, caption, td, th, label')].filter(text => text.checkVisibility() && !text.matches('.backprop-sample')).map(text => text.tagName === 'text' ? getComputedStyle(text).fill : getComputedStyle(text).color)"))
            .Deserialize<string[]>()!;

        Assert.InRange(colours.Length, 150, 1000);
        Assert.All(colours, colour => Assert.True(Colour.Contrast(colour, theme.Background) >= 4.5, $"{colour} on {theme.Background}"));
    }

    [Fact]
    public async Task Every_picture_has_a_description()
    {
        await using var page = await chromium.Open(string.Concat(Outputs), online: false);
        var descriptions = (await page.View.EvaluateAsync<JsonElement>("[...document.querySelectorAll('svg[role=img]')].map(picture => picture.ariaLabel ?? '')")).Deserialize<string[]>()!;

        Assert.InRange(descriptions.Length, 9, 30);
        Assert.All(descriptions, description => Assert.True(description.Length > 40, description));
    }

    [Fact]
    public async Task The_slider_shows_one_panel_at_a_time()
    {
        await using var page = await chromium.Open(string.Concat(Outputs), online: false);
        var slider = page.View.Locator(".backprop-surface input");
        var panels = page.View.Locator(".backprop-panel");

        Assert.Equal(5, await panels.CountAsync());
        await slider.FillAsync("2");

        var visible = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => panels.Nth(i).IsVisibleAsync()));
        Assert.Equal([false, true, false, false, false], visible);
        Assert.Equal("epoch 100", await page.View.Locator(".backprop-surface label span").TextContentAsync());
    }

    [Fact]
    public async Task The_report_needs_no_network_and_does_not_scroll_sideways()
    {
        foreach (var width in new[] { 500, 1200 })
        {
            await using var page = await chromium.Open(Report, online: false, width: width);

            var wide = await page.View.EvaluateAsync<string>($"[...document.querySelectorAll('main > section > *')].filter(part => part.getBoundingClientRect().right > {width}).map(part => part.outerHTML.slice(0, 200)).join()");
            Assert.True(await page.View.EvaluateAsync<int>("document.documentElement.scrollWidth") == width, $"At {width}: {wide}");
            Assert.All(page.Requests, address => Assert.Equal(PlotlyUpgrade.Address, address));
            Assert.Equal(0, await page.View.Locator("img[src^='http'], link[rel=stylesheet]").CountAsync());
        }
    }

    [Fact]
    public async Task The_contents_of_the_report_link_to_its_sections_and_its_formulas_are_rendered()
    {
        await using var page = await chromium.Open(Report, online: false);
        var broken = await page.View.EvaluateAsync<int>("[...document.querySelectorAll('nav a')].filter(link => !document.getElementById(decodeURIComponent(link.hash.slice(1)))).length");

        Assert.Equal(0, broken);
        Assert.InRange(await page.View.Locator("nav a").CountAsync(), 10, 40);
        Assert.InRange(await page.View.EvaluateAsync<int>("[...document.querySelectorAll('math')].filter(formula => formula.getBoundingClientRect().height > 8).length"), 5, 100);
        Assert.Equal(0, await page.View.Locator("main section > p > code:has-text('\\\\')").CountAsync());
    }

    private static List<string> HtmlOutputs() =>
        [.. from cell in JsonNode.Parse(Saved)!["cells"]!.AsArray()
            from output in cell!["outputs"]?.AsArray() ?? []
            where output!["data"]?["text/html"] is not null
            select string.Concat(output["data"]!["text/html"]!.AsArray().Select(line => (string)line!))];

    // A report of the saved cells and outputs.
    private static string MakeReport()
    {
        var outputs = JsonNode.Parse(Saved)!["cells"]!.AsArray().Select(cell => (IReadOnlyList<CellOutput>)[.. (cell!["outputs"]?.AsArray() ?? []).Select(Output)]);
        var cells = IpynbFormat.Read(Saved).Cells.Zip(outputs, (cell, shown) => new ExecutedCell(cell, 1, shown, TimeSpan.FromSeconds(1))).ToList();
        return new HtmlReport("Backprop", [.. cells.Select(cell => cell.Cell)], ".").Write(cells, ["TorchSharp 0.107.0"]);
    }

    private static CellOutput Output(JsonNode? output) => (string)output!["output_type"]! == "stream"
        ? new StreamOutput(StreamKind.Out, Joined(output["text"]!))
        : new ValueOutput(output["data"]!.AsObject().ToDictionary(form => form.Key, form => Joined(form.Value!)), "", IsResult: true);

    private static string Joined(JsonNode lines) => string.Concat(lines.AsArray().Select(line => (string)line!));
}

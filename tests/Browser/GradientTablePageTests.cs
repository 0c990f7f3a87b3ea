using System.Text.Json;
using Microsoft.Playwright;
using static Tensors;

namespace Backprop.Tests.Browser;

/// <summary>The table of gradients as a browser shows it.</summary>
public sealed class GradientTablePageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly string Html = MakeTable().ToHtml();

    [Theory]
    [InlineData(400)]
    [InlineData(1200)]
    public async Task No_text_overlaps_or_is_cut_off(int width)
    {
        await using var page = await chromium.Open(Html, online: false, width: width);
        var texts = await page.Texts();

        Assert.Equal(1 + 5 + 4 * 5, texts.Count);
        Assert.All(texts, text => Assert.True(text.Left >= 0 && text.Right <= width, $"{text} in {width}"));
        Assert.All(texts, text => Assert.DoesNotContain(texts, other => other != text && other.Covers(text)));
        Assert.Empty(page.Requests);
        Assert.Empty(page.Messages);
    }

    [Fact]
    public async Task A_narrow_page_scrolls_the_table_and_not_the_page()
    {
        await using var page = await chromium.Open(Html, online: false, width: 250);

        Assert.Equal(250, await page.View.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.True(await page.View.EvaluateAsync<bool>("(() => { const box = document.querySelector('.backprop-table'); return box.scrollWidth > box.clientWidth; })()"));
    }

    [Fact]
    public async Task A_screen_reader_finds_the_headers()
    {
        await using var page = await chromium.Open(Html, online: false);
        var table = page.View.GetByRole(AriaRole.Table, new() { NameString = "One step of gradient descent" });

        Assert.Equal(5, await table.GetByRole(AriaRole.Columnheader).CountAsync());
        Assert.Equal(["w[0]", "w[1]", "w[2]", "w[3]"], await table.GetByRole(AriaRole.Rowheader).AllTextContentsAsync());
    }

    [Theory]
    [MemberData(nameof(Theme.Names), MemberType = typeof(Theme))]
    public async Task Every_text_has_enough_contrast_to_its_cell(string name)
    {
        var theme = Theme.Named(name);
        await using var page = await chromium.Open(Html, online: false, head: theme.Head);
        var cells = (await page.View.EvaluateAsync<JsonElement>(
            "[...document.querySelectorAll('caption, th, td')].map(cell => getComputedStyle(cell)).map(style => [style.color, style.backgroundColor])"))
            .Deserialize<string[][]>()!;

        Assert.Equal(8, cells.Count(cell => cell[1] != "rgba(0, 0, 0, 0)"));
        Assert.All(cells, cell => Assert.True(Colour.Contrast(cell[0], Colour.Over(cell[1], theme.Background)) >= 4.5, string.Join(" on ", cell)));
    }

    private static GradientTable MakeTable()
    {
        var w = tensor([0.1, -0.2, 0.3, -0.4], requires_grad: true);
        (w * tensor([0.2525, -0.2525, 0.0505, -0.0001])).sum().backward();
        return new(0.01, new { w });
    }
}

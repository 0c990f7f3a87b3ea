using TorchSharp;
using static Tensors;

namespace Backprop.Tests.Browser;

/// <summary>The decision surface as a browser shows it.</summary>
public sealed class DecisionSurfacePageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly string Html = MakeSurface();

    [Fact]
    public async Task The_label_of_the_slider_names_the_epoch()
    {
        await using var page = await chromium.Open(Html, online: false);
        var slider = page.View.Locator(".backprop-surface input");
        var said = page.View.Locator(".backprop-surface label span");

        Assert.Equal("all", await said.TextContentAsync());
        await slider.FillAsync("2");
        Assert.Equal("epoch 200", await said.TextContentAsync());
        await slider.PressAsync("ArrowRight");
        Assert.Equal("epoch 300", await said.TextContentAsync());
        Assert.Equal(1, await page.View.Locator(".backprop-panel:visible").CountAsync());
    }

    [Theory]
    [InlineData(320)]
    [InlineData(900)]
    public async Task No_text_overlaps_or_is_cut_off(int width)
    {
        await using var page = await chromium.Open(Html, online: false, width: width);
        var texts = await page.Texts();

        Assert.InRange(texts.Count, 30, 60);
        Assert.All(texts, text => Assert.True(text is { Left: >= 0, Top: >= 0 } && text.Right <= width, $"{text} in {width}"));
        Assert.All(texts, text => Assert.DoesNotContain(texts, other => other != text && other.Covers(text)));
    }

    [Theory]
    [MemberData(nameof(Theme.Names), MemberType = typeof(Theme))]
    public async Task The_slider_and_the_check_box_have_the_colour_of_the_text(string name)
    {
        var theme = Theme.Named(name);
        await using var page = await chromium.Open(Html + new LossCurve([2, 1]).ToHtml(), online: false, head: theme.Head);
        var colours = await page.View.EvaluateAsync<string[]>("[...document.querySelectorAll('input')].map(input => getComputedStyle(input).color)");
        var backgrounds = await page.View.EvaluateAsync<string[]>("[...document.querySelectorAll('input')].map(input => getComputedStyle(input).backgroundColor)");

        Assert.Equal(2, colours.Length);
        Assert.All(colours, colour => Assert.True(Colour.Contrast(colour, theme.Background) >= 4.5, colour));
        Assert.All(backgrounds, colour => Assert.Equal("rgba(0, 0, 0, 0)", colour));
    }

    private static string MakeSurface()
    {
        var surface = new DecisionSurface(tensor([[-1, 0.2], [2, 0.3], [0.5, 0.21]]), torch.tensor(new long[] { 0, 1, 1 }));
        foreach (var epoch in new[] { 100, 200, 300 })
        {
            surface.Add($"epoch {epoch}", points => sigmoid(points.sum(1)), torch.eye(2), null);
        }

        return surface.ToHtml();
    }
}

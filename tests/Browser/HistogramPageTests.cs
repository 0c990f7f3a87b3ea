namespace Backprop.Tests.Browser;

/// <summary>The histogram as a browser shows it.</summary>
[Parallel]
public sealed class HistogramPageTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Theory]
    [InlineData(320)]
    [InlineData(400)]
    [InlineData(1200)]
    public async Task No_text_overlaps_or_is_cut_off(int width)
    {
        var losses = Enumerable.Range(0, 1000).Select(i => Math.Sin(i) * Math.Sin(i) / 4).ToList();
        var html = new Histogram("Losses after training", "final loss", "networks", losses, 25).ToHtml();
        await using var page = await chromium.Open(html, online: false, width: width);
        var texts = await page.Texts();

        Assert.Contains(texts, text => text.Text == "networks");
        Assert.All(texts, text => Assert.True(text is { Left: >= 0, Top: >= 0 } && text.Right <= width, $"{text} in {width}"));
        Assert.All(texts, text => Assert.DoesNotContain(texts, other => other != text && other.Covers(text)));
        Assert.Empty(page.Messages);
    }
}

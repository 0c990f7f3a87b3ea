using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Backprop.Tests.Browser;

/// <summary>The loss curve as a browser shows it.</summary>
[Parallel]
public sealed class LossCurvePageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string NoNetwork = "Failed to load resource: net::ERR_FAILED";

    private static readonly string Html = new LossCurve(TestData.Losses()).ToHtml();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_text_overlaps_or_is_cut_off(bool online)
    {
        await using var page = await chromium.Open(Html, online);
        await page.Drawn(online ? 1 : 0);
        foreach (var width in new[] { 320, 400, 760, 1200 })
        {
            await page.View.SetViewportSizeAsync(width, 600);
            foreach (var logarithmic in new[] { false, true })
            {
                await page.View.GetByRole(AriaRole.Checkbox).SetCheckedAsync(logarithmic);
                await page.View.WaitForTimeoutAsync(300);
                var texts = await page.Texts();

                Assert.True(texts.Count > 10);
                Assert.All(texts, text => Assert.True(text is { Left: >= 0, Top: >= 0 } && text.Right <= width, $"{text} in {width}"));
                Assert.All(texts, text => Assert.DoesNotContain(texts, other => other != text && other.Covers(text)));
                Assert.Equal(width, await page.View.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            }
        }
    }

    [Theory]
    [InlineData(320)]
    [InlineData(1200)]
    public async Task The_values_at_the_ends_do_not_touch_the_line(int width)
    {
        await using var page = await chromium.Open(Html, online: false, width: width);
        var touched = await page.View.EvaluateAsync<string[]>("""
            () => {
              const path = document.querySelector('path'), place = path.getScreenCTM();
              const points = Array.from({ length: 2000 }, (_, i) => path.getPointAtLength(path.getTotalLength() * i / 1999).matrixTransform(place));
              return [...document.querySelectorAll('.backprop-dot + text')].filter(text => {
                const box = text.getBoundingClientRect();
                return points.some(point => point.x > box.left && point.x < box.right && point.y > box.top && point.y < box.bottom);
              }).map(text => text.textContent);
            }
            """);

        Assert.Empty(touched);
    }

    [Fact]
    public async Task Without_a_network_the_picture_stays()
    {
        await using var page = await chromium.Open(Html, online: false);
        await page.View.WaitForTimeoutAsync(300);

        Assert.Equal([NoNetwork], page.Messages);
        Assert.Equal([PlotlyUpgrade.Address], page.Requests);
        Assert.True(await page.View.Locator("path.backprop-line").First.IsVisibleAsync());
        Assert.Contains("0.2475", (await page.Texts()).Select(text => text.Text));
        Assert.Equal(0, await page.View.Locator(".backprop-live").CountAsync());
    }

    [Fact]
    public async Task Without_scripts_the_picture_is_there_and_switches_its_scale()
    {
        await using var page = await chromium.Open(Regex.Replace(Html, "<script>.*</script>", "", RegexOptions.Singleline), online: false);
        var picture = page.View.Locator("figure").GetByRole(AriaRole.Img);

        Assert.Contains("a linear scale", await picture.GetAttributeAsync("aria-label"), StringComparison.Ordinal);
        await page.View.GetByRole(AriaRole.Checkbox, new() { Name = "logarithmic scale" }).CheckAsync();
        Assert.Contains("a logarithmic scale", await picture.GetAttributeAsync("aria-label"), StringComparison.Ordinal);
        Assert.Empty(page.Requests);
        Assert.Empty(page.Messages);
    }

    [Fact]
    public async Task A_script_with_another_hash_is_not_run()
    {
        await using var page = await chromium.Open("", online: false);
        await page.View.RouteAsync(PlotlyUpgrade.Address, route => route.FulfillAsync(new()
        {
            ContentType = "text/javascript",
            Headers = new Dictionary<string, string> { ["Access-Control-Allow-Origin"] = "*" },
            Body = "window.hacked = true; module.exports = { newPlot: async () => { window.hacked = true } }",
        }));
        await Insert(page, Html);
        await page.View.WaitForTimeoutAsync(300);

        Assert.Contains(page.Messages, complaint => complaint.Contains("'integrity'", StringComparison.Ordinal));
        Assert.False(await page.View.EvaluateAsync<bool>("'hacked' in window"));
        Assert.True(await page.View.Locator("path.backprop-line").First.IsVisibleAsync());
    }

    [Fact]
    public async Task Two_charts_load_Plotly_once_and_keep_it_private()
    {
        await using var page = await chromium.Open(Html + new LossCurve([2, 1]).ToHtml());
        await page.Drawn(2);

        Assert.Equal([PlotlyUpgrade.Address], page.Requests);
        Assert.Empty(page.Messages);
        Assert.False(await page.View.EvaluateAsync<bool>("'Plotly' in window"));
        Assert.Equal("5000,2", await page.View.EvaluateAsync<string>("[...document.querySelectorAll('.backprop-live')].map(live => live.data[0].y.length).join()"));
    }

    [Fact]
    public async Task The_same_chart_twice_in_one_page_is_drawn_twice()
    {
        await using var page = await chromium.Open(Html + Html);
        await page.Drawn(2);
        await page.View.GetByRole(AriaRole.Checkbox).Last.CheckAsync();
        await page.View.WaitForFunctionAsync("[...document.querySelectorAll('.backprop-live')].map(live => live.layout.yaxis.type).join() === 'linear,log'");

        Assert.Equal(2, await page.View.Locator(".backprop-live").CountAsync());
        Assert.Empty(page.Messages);
    }

    [Fact]
    public async Task A_script_that_runs_again_draws_no_second_chart()
    {
        await using var page = await chromium.Open(Html);
        await page.Drawn(1);
        await page.View.EvaluateAsync("""
            () => {
              const again = document.createElement('script');
              again.text = document.querySelector('figure script').text;
              document.body.append(again);
            }
            """);
        await page.View.WaitForTimeoutAsync(300);

        Assert.Equal(1, await page.View.Locator(".backprop-live").CountAsync());
        Assert.Empty(page.Messages);
    }

    [Theory]
    [InlineData("document.head")] // as jQuery does for Jupyter Notebook
    [InlineData("output")] // as VS Code does
    public async Task A_host_may_run_the_script_away_from_the_picture(string place)
    {
        await using var page = await chromium.Open("");
        await page.View.EvaluateAsync($$"""
            html => {
              const output = document.createElement('div');
              output.innerHTML = html;
              document.body.append(output);
              for (const script of output.querySelectorAll('script')) {
                const copy = document.createElement('script');
                copy.text = script.text;
                {{place}}.appendChild(copy).remove();
              }
            }
            """, Html);
        await page.Drawn(1);

        Assert.Empty(page.Messages);
    }

    [Fact]
    public async Task A_page_with_RequireJS_keeps_working_and_gets_its_chart()
    {
        var require = await File.ReadAllTextAsync(Chromium.Script("requirejs"), TestContext.Current.CancellationToken);
        await using var page = await chromium.Open(Html, head: $"<script>{require}</script>");
        await page.Drawn(1);
        await page.View.EvaluateAsync("new Promise((resolve, reject) => { define('own', [], () => 7); require(['own'], resolve, reject); })");

        Assert.Empty(page.Messages);
        Assert.Equal([PlotlyUpgrade.Address], page.Requests);
    }

    [Fact]
    public async Task A_page_keeps_its_own_Plotly()
    {
        await using var page = await chromium.Open(Html, head: "<script>window.Plotly = 'its own'</script>");
        await page.Drawn(1);

        Assert.Equal("its own", await page.View.EvaluateAsync<string>("window.Plotly"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_screen_reader_finds_one_picture_with_its_description(bool online)
    {
        await using var page = await chromium.Open(Html, online);
        await page.Drawn(online ? 1 : 0);

        Assert.Equal(
            "Line chart: loss by epoch, on a linear scale. From 0.2475 at epoch 1 to 0.01415 at epoch 5000. "
            + "In between: 0.1881 at epoch 1250, 0.09318 at epoch 2500, 0.03066 at epoch 3750.",
            await page.View.Locator("figure").GetByRole(AriaRole.Img).GetAttributeAsync("aria-label"));
    }

    [Fact]
    public async Task Hovering_shows_the_epoch_and_its_loss()
    {
        await using var page = await chromium.Open(Html);
        await page.Drawn(1);
        var plot = (await page.View.Locator(".backprop-live .nsewdrag").BoundingBoxAsync())!;
        await page.View.Mouse.MoveAsync(plot.X + plot.Width / 2, plot.Y + plot.Height / 2);
        var label = await page.View.Locator(".hoverlayer .hovertext").First.TextContentAsync();
        var shown = Regex.Match(label!, @"^epoch (\d+)loss (0\.\d+)$");

        Assert.True(shown.Success, label);
        Assert.Equal(TestData.Losses()[int.Parse(shown.Groups[1].Value, CultureInfo.InvariantCulture) - 1], double.Parse(shown.Groups[2].Value, CultureInfo.InvariantCulture), 1e-6);
    }

    [Fact]
    public async Task The_switch_changes_the_live_chart_too()
    {
        await using var page = await chromium.Open(Html);
        await page.Drawn(1);
        await page.View.GetByRole(AriaRole.Checkbox).FocusAsync();
        await page.View.Keyboard.PressAsync("Space");
        await page.View.WaitForFunctionAsync("document.querySelector('.backprop-live').layout.yaxis.type === 'log'");

        Assert.Equal(["0.02", "0.05", "0.1", "0.2"], await page.View.Locator(".backprop-live .ytick").AllTextContentsAsync());
        Assert.Equal("Loss by epoch (log scale)", await page.View.Locator(".backprop-live .gtitle").TextContentAsync());
        await page.View.Keyboard.PressAsync("Space");
        await page.View.WaitForFunctionAsync("document.querySelector('.backprop-live').layout.yaxis.type === 'linear'");
        Assert.Equal(["0", "0.05", "0.1", "0.15", "0.2", "0.25"], await page.View.Locator(".backprop-live .ytick").AllTextContentsAsync());
        Assert.Equal("Loss by epoch", await page.View.Locator(".backprop-live .gtitle").TextContentAsync());
    }

    [Fact]
    public async Task A_scale_chosen_before_Plotly_loads_is_kept()
    {
        await using var page = await chromium.Open(Html.Replace("""type="checkbox">""", """type="checkbox" checked>""", StringComparison.Ordinal));
        await page.Drawn(1);

        Assert.Equal("log", await page.View.EvaluateAsync<string>("document.querySelector('.backprop-live').layout.yaxis.type"));
    }

    [Fact]
    public async Task The_live_chart_follows_the_width_of_its_container()
    {
        await using var page = await chromium.Open($"<details><summary>curve</summary>{Html}</details>");
        await page.Drawn(1);
        await page.View.GetByText("curve").ClickAsync();
        await Wide(744);
        await page.View.SetViewportSizeAsync(400, 600);
        await Wide(384);

        Assert.Empty(page.Messages);

        Task Wide(int width) => page.View.WaitForFunctionAsync("width => Math.abs(document.querySelector('.main-svg').getBoundingClientRect().width - width) < 20", width);
    }

    [Theory]
    [MemberData(nameof(Theme.Names), MemberType = typeof(Theme))]
    public async Task Every_text_has_enough_contrast_to_its_background(string name)
    {
        var theme = Theme.Named(name);
        foreach (var online in new[] { false, true })
        {
            await using var page = await chromium.Open(Html, online, theme.Head);
            await page.Drawn(online ? 1 : 0);
            var colours = await page.View.EvaluateAsync<string[]>("""
                [...document.querySelectorAll('text, figcaption span, label')]
                  .filter(text => text.textContent.trim() && text.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
                  .map(text => text instanceof SVGElement ? getComputedStyle(text).fill : getComputedStyle(text).color)
                """);
            var line = await page.View.EvaluateAsync<string>("getComputedStyle(document.querySelector('.backprop-live .js-line') ?? document.querySelector('.backprop-line')).stroke");

            Assert.True(colours.Length > 10);
            Assert.All(colours, colour => Assert.True(Colour.Contrast(colour, theme.Background) >= 4.5, colour));
            Assert.True(Colour.Contrast(line, theme.Background) >= 3, line);
        }
    }

    [Fact]
    public async Task In_print_there_is_the_static_picture()
    {
        await using var page = await chromium.Open(Html);
        await page.Drawn(1);
        await page.View.EmulateMediaAsync(new() { Media = Media.Print });

        Assert.Contains("0.2475", (await page.Texts()).Select(text => text.Text));
        Assert.False(await page.View.Locator(".backprop-live").IsVisibleAsync());
    }

    private static async Task Insert(Page page, string html) =>
        await page.View.EvaluateAsync("html => document.body.append(document.createRange().createContextualFragment(html))", html);
}

using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Tensors;

namespace Backprop.Tests.Browser;

/// <summary>The picture of a graph as a browser shows it, and the walk through its passes.</summary>
public sealed class GraphPageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly string Html = MakeGraph();

    [Fact]
    public async Task Every_text_fits_its_box()
    {
        var w1 = tensor([[0.1, 0.3], [0.2, 0.1]], requires_grad: true);
        var a_name_that_is_longer_than_most = tensor([-1e-5, 2e5], requires_grad: true);
        var loss = (matmul(tensor([1f, 2f]), w1) + a_name_that_is_longer_than_most).tanh().sum();
        loss.backward();
        await using var page = await chromium.Open(new AutogradGraph(loss, new { loss, w1, a_name_that_is_longer_than_most }).ToHtml(), online: false, width: 1200);
        var outside = await page.View.EvaluateAsync<string[]>("""
            [...document.querySelectorAll('.backprop-node text')].filter(text => {
              const inner = text.getBoundingClientRect(), outer = text.parentElement.querySelector('rect').getBoundingClientRect();
              return inner.left < outer.left + 3 || inner.right > outer.right - 3 || inner.top < outer.top || inner.bottom > outer.bottom;
            }).map(text => text.textContent)
            """);

        Assert.Empty(outside);
        Assert.InRange(await page.View.Locator(".backprop-node text").CountAsync(), 18, 26);
        var texts = await page.Texts();
        Assert.InRange(texts.Count, 18, 26);
        Assert.All(texts, text => Assert.DoesNotContain(texts, other => other != text && other.Covers(text)));
    }

    [Fact]
    public async Task The_buttons_walk_through_the_backward_pass()
    {
        await using var page = await chromium.Open(Html, online: false);
        var walk = new Walk(page.View.Locator(".backprop-graph"));
        Assert.Equal("5 steps", await walk.SaidAsync());
        Assert.Equal(["grad 1.", "grad -3.", "grad 3.", "grad [3., 3.]", "grad [3., 0.]"], await walk.SeenAsync("gradient"));

        await walk.Next.ClickAsync();
        Assert.Equal("step 1 of 5", await walk.SaidAsync());
        Assert.Equal("loss · PowBackward0: 1 × 2 × (-1.5000) = -3 the slope of xⁿ is n × xⁿ⁻¹", await walk.LineAsync());
        Assert.Equal(["grad 1.", "grad -3."], await walk.SeenAsync("gradient"));
        Assert.Equal("loss · PowBackward0", await walk.MarkedAsync());

        await walk.Next.ClickAsync();
        await walk.Next.ClickAsync();
        await walk.Back.ClickAsync();
        Assert.StartsWith("difference · SubBackward0: for total: -1 × (-3) = 3 ", await walk.LineAsync(), StringComparison.Ordinal);
        Assert.Equal(["grad 1.", "grad -3.", "grad 3."], await walk.SeenAsync("gradient"));

        await walk.Back.ClickAsync();
        await walk.Back.ClickAsync();
        await walk.Back.ClickAsync();
        Assert.Equal("5 steps", await walk.SaidAsync());
        Assert.Equal(5, (await walk.SeenAsync("gradient")).Count);
    }

    [Fact]
    public async Task The_keyboard_alone_walks_through_both_passes()
    {
        await using var page = await chromium.Open(Html, online: false);
        await page.View.EvaluateAsync("window.heard = 0; document.addEventListener('keydown', event => { if (event.key !== 'Tab') window.heard++; })");
        var walk = new Walk(page.View.Locator(".backprop-graph"));
        var keys = page.View.Keyboard;

        await keys.PressAsync("Tab");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Tab");
        await keys.PressAsync("ArrowRight");
        await keys.PressAsync("ArrowRight");
        Assert.Equal("step 2 of 5", await walk.SaidAsync());
        await keys.PressAsync("Tab");
        await keys.PressAsync("Space");
        await keys.PressAsync("Enter");
        Assert.Equal("step 4 of 5", await walk.SaidAsync());
        await keys.PressAsync("Shift+Tab");
        await keys.PressAsync("End");
        Assert.StartsWith("w · AccumulateGrad: adds [3, 0] to w.grad, which now holds [3, 0] ", await walk.LineAsync(), StringComparison.Ordinal);
        await keys.PressAsync("Shift+Tab");
        await keys.PressAsync("Shift+Tab");
        await keys.PressAsync("ArrowDown");
        Assert.Equal("4 steps", await walk.SaidAsync());
        await keys.PressAsync("Tab");
        await keys.PressAsync("Tab");
        await keys.PressAsync("ArrowRight");
        Assert.StartsWith("h · ReluBackward0: max(0, [1.5000, -2.0000]) = [1.5000, 0.0000]", await walk.LineAsync(), StringComparison.Ordinal);
        Assert.Equal(["[1.5000, 0.0000]  [2]", "[ 1.5000, -2.0000]  [2]"], await walk.SeenAsync("value"));
        Assert.Empty(await walk.SeenAsync("gradient"));

        // A notebook would take such keys for its own.
        Assert.Equal(0, await page.View.EvaluateAsync<int>("window.heard"));
    }

    [Fact]
    public async Task The_operation_at_hand_is_always_in_view()
    {
        await using var page = await chromium.Open($"<div style=\"height:200px\"></div>{Html}<div style=\"height:900px\"></div>", online: false, width: 420);
        var walk = new Walk(page.View.Locator(".backprop-graph"));
        await walk.Next.ScrollIntoViewIfNeededAsync();
        for (var step = 1; step <= 5; step++)
        {
            await walk.Next.ClickAsync();
            var isSeen = await page.View.EvaluateAsync<bool>("""
                () => {
                  const box = document.querySelector('.backprop-node.backprop-hand rect').getBoundingClientRect();
                  const view = document.querySelector('.backprop-window').getBoundingClientRect();
                  return box.top >= view.top - 1 && box.bottom <= view.bottom + 1 && box.left + box.width / 2 > view.left && box.left + box.width / 2 < view.right;
                }
                """);
            Assert.True(isSeen, $"step {step}");
        }
    }

    [Fact]
    public async Task Copies_on_one_page_are_walked_through_each_on_its_own()
    {
        await using var page = await chromium.Open($"<div>{Html}</div><div>{Html}</div>", online: false);
        var (first, second) = (new Walk(page.View.Locator(".backprop-graph").Nth(0)), new Walk(page.View.Locator(".backprop-graph").Nth(1)));

        await second.Next.ClickAsync();
        await second.Next.ClickAsync();

        Assert.Equal(("5 steps", "step 2 of 5"), (await first.SaidAsync(), await second.SaidAsync()));
        Assert.Equal((5, 3), ((await first.SeenAsync("gradient")).Count, (await second.SeenAsync("gradient")).Count));
        Assert.Equal(2, await page.View.Locator(".backprop-walk").CountAsync());
        Assert.Empty(page.Messages);
        Assert.Empty(page.Requests);
    }

    [Fact]
    public async Task A_host_that_makes_scripts_anew_before_it_shows_an_output_gets_the_walk_too()
    {
        // As JupyterLab does.
        await using var page = await chromium.Open("", online: false);
        await page.View.EvaluateAsync(
            """
            html => {
              const host = document.createElement('div');
              host.innerHTML = html;
              for (const script of host.querySelectorAll('script')) {
                const again = document.createElement('script');
                again.textContent = script.textContent;
                script.replaceWith(again);
              }
              document.body.append(host);
            }
            """,
            Html);
        var walk = new Walk(page.View.Locator(".backprop-graph"));

        await walk.Next.ClickAsync();

        Assert.Equal("step 1 of 5", await walk.SaidAsync());
    }

    [Fact]
    public async Task Without_scripts_the_picture_is_whole_and_the_steps_stand_below_it()
    {
        await using var page = await chromium.Open(Regex.Replace(Html, "<script>.*?</script>", "", RegexOptions.Singleline), online: false);
        var items = page.View.Locator(".backprop-graph li");

        Assert.Equal(9, await items.CountAsync());
        foreach (var item in await items.AllAsync())
        {
            Assert.True(await item.IsVisibleAsync());
        }

        Assert.Equal(5, await page.View.Locator(".backprop-gradient:visible").CountAsync());
        Assert.True((await items.First.BoundingBoxAsync())!.Y > (await page.View.Locator("svg").BoundingBoxAsync())!.Y + (await page.View.Locator("svg").BoundingBoxAsync())!.Height);
    }

    [Fact]
    public async Task With_scripts_the_steps_can_be_unfolded()
    {
        await using var page = await chromium.Open(Html, online: false);
        Assert.False(await page.View.Locator(".backprop-graph li").First.IsVisibleAsync());

        await page.View.GetByText("The backward pass, step by step").ClickAsync();

        Assert.True(await page.View.Locator(".backprop-graph li").First.IsVisibleAsync());
    }

    [Theory]
    [MemberData(nameof(Theme.Names), MemberType = typeof(Theme))]
    public async Task Controls_and_steps_can_be_read_in_every_theme(string name)
    {
        var theme = Theme.Named(name);
        await using var page = await chromium.Open(Html, online: false, head: theme.Head);
        await new Walk(page.View.Locator(".backprop-graph")).Next.ClickAsync();
        var colours = await page.View.EvaluateAsync<string[]>("[...document.querySelectorAll('.backprop-walk *, .backprop-line, .backprop-graph summary')].filter(part => part.tagName !== 'OPTION').map(part => getComputedStyle(part).color)");
        var backgrounds = await page.View.EvaluateAsync<string[]>("[...document.querySelectorAll('.backprop-walk :is(select, button, input)')].map(part => getComputedStyle(part).backgroundColor)");

        Assert.InRange(colours.Length, 8, 12);
        Assert.All(colours, colour => Assert.True(Colour.Contrast(colour, theme.Background) >= 4.5, colour));
        Assert.All(backgrounds, colour => Assert.Equal("rgba(0, 0, 0, 0)", colour));
    }

    private static string MakeGraph()
    {
        var w = tensor([1.5, -2], requires_grad: true);
        var h = relu(w);
        var total = h.sum();
        var difference = tensor(0.0) - total;
        var loss = difference.pow(2);
        var named = new { loss, difference, total, h, w };
        _ = new AutogradGraph(loss, named);
        loss.backward();
        return new AutogradGraph(loss, named).ToHtml();
    }

    // A graph on a page with its controls.
    private sealed class Walk(ILocator graph)
    {
        public ILocator Back => graph.GetByLabel("step back");

        public ILocator Next => graph.GetByLabel("next step");

        public Task<string> SaidAsync() => graph.Locator(".backprop-walk span").InnerTextAsync();

        public async Task<string> LineAsync() => (await graph.Locator(".backprop-line").InnerTextAsync()).Replace('\n', ' ');

        public async Task<string?> MarkedAsync() => await graph.Locator(".backprop-node.backprop-hand .backprop-title").TextContentAsync();

        public async Task<IReadOnlyList<string>> SeenAsync(string kind) => await graph.Locator($".backprop-{kind}:visible").AllTextContentsAsync();
    }
}

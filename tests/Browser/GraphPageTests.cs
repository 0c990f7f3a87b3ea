using static Tensors;

namespace Backprop.Tests.Browser;

/// <summary>The picture of a graph as a browser shows it.</summary>
public sealed class GraphPageTests(Chromium chromium) : IClassFixture<Chromium>
{
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
        Assert.InRange(await page.View.Locator(".backprop-node text").CountAsync(), 12, 20);
        Assert.InRange((await page.Texts()).Count, 12, 20);
    }
}

using TorchSharp;
using static Tensors;

namespace Backprop.Tests;

/// <summary>Comparisons of gradients with those derived by hand and with difference quotients.</summary>
public class GradientChecksTests
{
    private static readonly double[] Start = [0.5, -1.5, 2.0];

    [Fact]
    public void A_comparison_distinguishes_exact_approximate_and_wrong_gradients()
    {
        var comparison = new GradientComparison();
        comparison.Add("exact", tensor([1f, 2f]), tensor([1f, 2f]));
        comparison.Add("near", tensor([1f, 2f]), tensor([1f, MathF.BitIncrement(2f)]));
        comparison.Add("wrong", tensor([1f, 2f]), tensor([1f, 2.5f]));
        comparison.Add("zeros", tensor([0f]), tensor([-0f]));

        var lines = comparison.ToText().Split('\n')[2..].Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^3..]);
        Assert.Equal([["yes", "yes", "0"], ["no", "yes", "2.384e-7"], ["no", "no", "0.5"], ["yes", "yes", "0"]], lines);
        Assert.Equal((2, 4), (comparison.Exact, comparison.Count));
    }

    [Fact]
    public void Different_shapes_and_missing_gradients_are_errors()
    {
        var comparison = new GradientComparison();

        Assert.Contains("by hand the shape is [2], autograd's is [1]", Assert.Throws<ArgumentException>(() => comparison.Add("w", tensor([1f, 2f]), tensor([1f]))).Message, StringComparison.Ordinal);
        Assert.Contains("w has no gradient yet", Assert.Throws<ArgumentNullException>(() => comparison.Add("w", tensor([1f]), null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_agrees_with_a_right_gradient_and_does_not_change_the_parameters()
    {
        var w = torch.from_array(Start).clone().requires_grad_();
        var check = new GradientCheck(() => w.pow(3).sum(), new { w });

        Assert.Equal(["w[0]", "w[1]", "w[2]"], check.Results.Select(result => result.Name));
        Assert.All(check.Results, result => Assert.InRange(result.RelativeError, 0, 1e-8));
        Assert.Equal(0.75, check.Results[0].Autograd, 1e-12);
        Assert.True(w.eq(torch.from_array(Start)).all().item<bool>());
    }

    [Fact]
    public void A_check_finds_a_gradient_that_autograd_misses()
    {
        var w = torch.full(1, 2.0, dtype: torch.float64).requires_grad_();
        var check = new GradientCheck(() => w * w.detach(), new { w });

        Assert.Equal((2.0, 4.0), (check.Results[0].Autograd, Math.Round(check.Results[0].Numeric, 6)));
        Assert.Equal(0.5, check.Results[0].RelativeError, 1e-6);
    }

    [Fact]
    public void A_comparison_of_many_numbers_shows_the_first_the_last_and_the_location_of_the_largest_difference()
    {
        var comparison = new GradientComparison();
        var other = torch.ones(27, 64);
        other[3, 5] = 1.5f;
        comparison.Add("W", torch.ones(27, 64), other);
        comparison.Add("z", torch.complex(tensor([1.0]), tensor([-2.0])), torch.complex(tensor([1.0]), tensor([-2.0])));
        comparison.Add("types", tensor([1f]), torch.ones(1, torch.float64));
        comparison.Add("none", torch.zeros(0), torch.zeros(0));

        var lines = comparison.ToText().Split('\n');
        Assert.Contains("1.0000 1.0000 1.0000 … 1.0000 1.0000 1.0000 (1728 numbers)", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("0.5 at [3, 5]", lines[2], StringComparison.Ordinal);
        Assert.Contains("1.0000-2.0000j", lines[3], StringComparison.Ordinal);
        Assert.Equal(3, comparison.Exact);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 220));
    }

    [Fact]
    public void Of_many_comparisons_those_with_the_largest_differences_are_shown()
    {
        var comparison = new GradientComparison();
        for (var i = 0; i < 1000; i++)
        {
            comparison.Add($"row {i}", tensor([1f]), tensor([i == 500 ? 2f : 1f]));
        }

        var lines = comparison.ToText().Split('\n');
        Assert.InRange(lines.Length, 60, 130);
        Assert.Contains(lines, line => line.StartsWith("row 500 ", StringComparison.Ordinal));
        Assert.InRange(comparison.ToHtml().Length, 1000, RichTable.MostBytes);
    }

    [Fact]
    public void A_comparison_without_rows_is_an_error() =>
        Assert.Contains("Call Add first", Assert.Throws<InvalidOperationException>(() => new GradientComparison().ToText()).Message, StringComparison.Ordinal);

    [Fact]
    public void A_check_requires_float64_and_says_how_to_convert()
    {
        var w = torch.ones(1, requires_grad: true);
        var layer = torch.nn.Linear(2, 1);

        Assert.Contains("w is float32; a difference quotient needs float64", Message(() => w.sum(), new { w }), StringComparison.Ordinal);
        Assert.Contains("Write w.detach().to_type(torch.float64).requires_grad_(), and convert the data as well: x.to_type(torch.float64).", Message(() => w.sum(), new { w }), StringComparison.Ordinal);
        Assert.Contains("Write module.to(torch.float64)", Message(() => w.sum(), layer.named_parameters()), StringComparison.Ordinal);
        Assert.Contains("The loss is float32", Message(() => layer.forward(torch.ones(1, 2)).sum(), new { w = torch.ones(1, torch.float64).requires_grad_() }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_names_the_numbers_like_the_gradient_table()
    {
        var w1 = torch.ones(2, 2, torch.float64).requires_grad_();
        var scale = torch.ones([], torch.float64).requires_grad_();

        Assert.Equal(
            ["w1[0, 0]", "w1[0, 1]", "w1[1, 0]", "w1[1, 1]", "scale"],
            new GradientCheck(() => (w1 * scale).sum(), new { w1, scale }).Results.Select(result => result.Name));
    }

    [Fact]
    public void Parameters_may_have_any_memory_layout()
    {
        var turned = torch.arange(6, dtype: torch.float64).reshape(2, 3).t().detach().requires_grad_();
        var sliced = torch.arange(8, dtype: torch.float64).reshape(2, 2, 2)[torch.TensorIndex.Ellipsis, 1].detach().requires_grad_();
        var check = new GradientCheck(() => (turned * turned).sum() + sliced.pow(3).sum(), new { turned, sliced });

        Assert.Equal([0, 6, 2, 8, 4, 10, 3, 27, 75, 147], check.Results.Select(result => Math.Round(result.Numeric, 4)));
        Assert.All(check.Results, result => Assert.InRange(result.RelativeError, 0, 1e-8));
        Assert.Equal([0, 3, 1, 4, 2, 5], turned.contiguous().data<double>().ToArray());
    }

    [Fact]
    public void A_parameter_that_the_loss_does_not_use_is_named()
    {
        var used = torch.ones(2, torch.float64).requires_grad_();
        var unused = torch.ones(2, torch.float64).requires_grad_();
        // A gradient of an earlier backward pass must not count for this loss.
        unused.pow(2).sum().backward();
        var check = new GradientCheck(() => used.pow(2).sum(), new { used, unused });

        Assert.Equal(["unused"], check.Unused);
        Assert.Contains("The loss does not depend on unused.", check.ToText(), StringComparison.Ordinal);
        Assert.Equal(2, check.Results.Count);
        Assert.Equal(2, unused.grad!.data<double>()[0]);
        Assert.Contains("The loss does not depend on unused, so there is no gradient to check.", Message(() => used.pow(2).sum(), new { unused }), StringComparison.Ordinal);
        Assert.Contains("The loss does not depend on used", Message(() => used.detach().sum(), new { used }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_can_be_checked_by_its_named_parameters()
    {
        var layer = torch.nn.Linear(2, 1).to(torch.float64);
        var x = torch.ones(3, 2, torch.float64);
        var check = new GradientCheck(() => layer.forward(x).tanh().sum(), layer.named_parameters());

        Assert.Equal(["weight[0, 0]", "weight[0, 1]", "bias[0]"], check.Results.Select(result => result.Name));
        Assert.All(check.Results, result => Assert.InRange(result.RelativeError, 0, 1e-6));
        Assert.Contains("Write new { w1, b1 }", Message(() => layer.forward(x).sum(), (layer.weight, layer.bias)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_checked_is_an_error_that_says_what_to_write()
    {
        var w = torch.ones(2, torch.float64).requires_grad_();
        var shared = torch.ones(1, torch.float64).expand(3).detach().requires_grad_();

        Assert.Contains("shape [2]; it must be one number", Message(() => w * 1, new { w }), StringComparison.Ordinal);
        Assert.Contains("share memory", Message(() => shared.sum(), new { shared }), StringComparison.Ordinal);
        Assert.Contains("not a leaf that requires a gradient", Message(() => w.sum(), new { h = w * 2 }), StringComparison.Ordinal);
        Assert.Contains("The loss is different when computed again", Message(() => w.sum() * torch.rand(1, torch.float64), new { w }), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientCheck(() => w.sum(), new { w }, 0));
    }

    [Fact]
    public void A_check_of_many_numbers_shows_those_with_the_largest_errors()
    {
        var w = torch.ones(40, 5, torch.float64).requires_grad_();
        // Autograd misses the gradient of only one number.
        var check = new GradientCheck(() => w.sum() + w[20, 3].detach(), new { w });
        var lines = check.ToText().Split('\n');

        Assert.Equal(200, check.Results.Count);
        Assert.InRange(lines.Length, 60, 130);
        Assert.Contains("200 numbers, largest relative error 0.5 at w[20, 3].", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("w[20, 3] ", StringComparison.Ordinal));
        Assert.EndsWith("For 40 of the 200 numbers, evenly spaced.", check.ErrorByStep().ToText(), StringComparison.Ordinal);
    }

    private static string Message(Func<torch.Tensor> loss, object parameters) =>
        Assert.Throws<ArgumentException>(() => new GradientCheck(loss, parameters)).Message;
}

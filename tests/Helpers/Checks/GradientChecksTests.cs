using TorchSharp;
using static Tensors;

namespace Backprop.Tests;

/// <summary>Gradients compared: with those worked out by hand, and with difference quotients.</summary>
public class GradientChecksTests
{
    private static readonly double[] Start = [0.5, -1.5, 2.0];

    [Fact]
    public void A_comparison_tells_exact_from_near_and_from_wrong()
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
    public void A_comparison_refuses_other_shapes_and_missing_gradients()
    {
        var comparison = new GradientComparison();

        Assert.Contains("by hand the shape is [2], autograd's is [1]", Assert.Throws<ArgumentException>(() => comparison.Add("w", tensor([1f, 2f]), tensor([1f]))).Message, StringComparison.Ordinal);
        Assert.Contains("w has no gradient yet", Assert.Throws<ArgumentNullException>(() => comparison.Add("w", tensor([1f]), null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_agrees_with_a_right_gradient_and_leaves_the_parameters_alone()
    {
        var w = torch.from_array(Start).clone().requires_grad_();
        var check = new GradientCheck(() => w.pow(3).sum(), new { w });

        Assert.Equal(["w[0]", "w[1]", "w[2]"], check.Results.Select(result => result.Name));
        Assert.All(check.Results, result => Assert.InRange(result.RelativeError, 0, 1e-8));
        Assert.Equal(0.75, check.Results[0].Autograd, 1e-12);
        Assert.True(w.eq(torch.from_array(Start)).all().item<bool>());
    }

    [Fact]
    public void A_check_finds_a_gradient_that_autograd_was_not_told_of()
    {
        var w = torch.full(1, 2.0, dtype: torch.float64).requires_grad_();
        var check = new GradientCheck(() => w * w.detach(), new { w });

        Assert.Equal((2.0, 4.0), (check.Results[0].Autograd, Math.Round(check.Results[0].Numeric, 6)));
        Assert.Equal(0.5, check.Results[0].RelativeError, 1e-6);
    }

    [Fact]
    public void A_check_wants_float64() =>
        Assert.Contains("w is no float64 leaf", Assert.Throws<ArgumentException>(() => new GradientCheck(() => torch.zeros(1), new { w = torch.ones(1, requires_grad: true) })).Message, StringComparison.Ordinal);
}

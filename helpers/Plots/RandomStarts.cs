#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static Tensors;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>The final losses of many networks of the lesson's shape, trained together from random initial weights.</summary>
/// <remarks>
/// The networks are slices of the same four tensors, so that each operation works on all of them: the matrix products are batched.
/// Their losses are summed for one backward pass. No loss depends on another network's parameters, so each network gets its own gradients.
/// </remarks>
public sealed class RandomStarts : RichOutput
{
    private const int Bins = 26;

    private readonly Histogram? histogram;
    private readonly int notFinite;

    private RandomStarts(IReadOnlyList<float> losses, int solved, int withDeadUnit)
    {
        Losses = losses;
        Solved = solved;
        WithDeadUnit = withDeadUnit;
        var finite = losses.Where(float.IsFinite).Select(loss => (double)loss).ToList();
        notFinite = losses.Count - finite.Count;
        histogram = finite.Count == 0 ? null : new Histogram("Losses after training", "final loss", "networks", finite, Bins);
    }

    /// <summary>The final loss of each network, the mean of its squared errors.</summary>
    public IReadOnlyList<float> Losses { get; }

    /// <summary>The number of networks whose output is on the right side of 0.5 for every sample.</summary>
    public int Solved { get; }

    /// <summary>The number of networks with a hidden unit that is zero for every sample, so that it no longer gets a gradient.</summary>
    public int WithDeadUnit { get; }

    /// <summary>Trains networks, each step on all samples.</summary>
    /// <param name="x">The samples, shape [count, 2].</param>
    /// <param name="y">The targets, shape [count].</param>
    /// <param name="networks">The number of networks.</param>
    /// <param name="steps">The number of steps of gradient descent.</param>
    /// <param name="learningRate">The factor of the gradient in each step.</param>
    /// <param name="seed">The seed of the random initial weights, which are uniform in ±1/√2 as in PyTorch's layers: https://pytorch.org/docs/stable/generated/torch.nn.Linear.html.</param>
    /// <exception cref="ArgumentException">There are no samples or targets yet.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number that must be positive is not.</exception>
    public static RandomStarts Train(Tensor x, Tensor y, int networks, int steps, double learningRate, long seed)
    {
        if (x is null || y is null)
        {
            throw new ArgumentException($"{(x is null ? nameof(x) : nameof(y))} has no value yet. Run the data cell first, then this one again.");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(networks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator((ulong)seed);
        Tensor Uniform(params long[] shape) => ((torch.rand(shape, generator: generator) * 2 - 1) / Math.Sqrt(2)).requires_grad_();
        var (w1, b1, w2, b2) = (Uniform(networks, 2, 2), Uniform(networks, 1, 2), Uniform(networks, 2, 1), Uniform(networks, 1, 1));
        var samples = x.to_type(torch.float32).unsqueeze(0).expand(networks, -1, -1);
        var answers = y.to_type(torch.float32).reshape(1, -1, 1);
        Tensor Hidden() => relu(torch.bmm(samples, w1) + b1);
        Tensor Output() => sigmoid(torch.bmm(Hidden(), w2) + b2);

        for (var step = 0; step < steps; step++)
        {
            using var inner = torch.NewDisposeScope();
            (answers - Output()).pow(2).mean(new long[] { 1, 2 }).sum().backward();
            using var off = no_grad();
            foreach (var parameter in new[] { w1, b1, w2, b2 })
            {
                parameter.sub_(parameter.grad! * learningRate);
                parameter.grad!.zero_();
            }
        }

        using var done = no_grad();
        var output = Output();
        var losses = (answers - output).pow(2).mean(new long[] { 1, 2 }).data<float>().ToArray();
        var solved = (output > 0.5).eq(answers > 0.5).all(1).sum().ToInt32();
        var withDeadUnit = (Hidden() == 0).all(1).any(1).sum().ToInt32();
        return new RandomStarts(losses, solved, withDeadUnit);
    }

    /// <inheritdoc/>
    public override string ToHtml() => $"<figure style=\"margin:0\">{histogram?.ToHtml()}<figcaption style=\"font-size:13px;margin-top:.5em\">{Summary()}</figcaption></figure>";

    /// <inheritdoc/>
    public override string ToText() => histogram is null ? Summary() : $"{histogram.ToText()}\n{Summary()}";

    private string Summary() =>
        FormattableString.Invariant($"Of {Losses.Count} networks, {Solved} solve x-or, and {WithDeadUnit} end with a dead hidden unit.{(notFinite > 0 ? $" {notFinite} end with a loss that is nan or infinite." : "")}");
}

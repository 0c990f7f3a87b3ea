#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>Gradients worked out in one way beside autograd's: equal in every bit (but the sign of a zero), nearly equal, and how far apart.</summary>
/// <remarks>The columns are those of "becoming a backprop ninja", https://github.com/karpathy/nn-zero-to-hero.</remarks>
public sealed class GradientComparison : RichOutput
{
    private readonly List<RichTable.Row> rows = [];

    /// <summary>How many of the rows so far are exact: every number equal, where 0 and -0 count as equal.</summary>
    public int Exact { get; private set; }

    /// <summary>The number of rows.</summary>
    public int Count => rows.Count;

    /// <summary>Adds a row.</summary>
    /// <param name="name">What the gradient is of.</param>
    /// <param name="byHand">The gradient worked out.</param>
    /// <param name="autograd">The gradient that autograd left, in the same shape.</param>
    /// <exception cref="ArgumentNullException">Autograd left none.</exception>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public void Add(string name, Tensor byHand, Tensor? autograd)
    {
        if (autograd is null)
        {
            throw new ArgumentNullException(nameof(autograd), $"{name} has no gradient yet. Run backward() first.");
        }

        if (!byHand.shape.SequenceEqual(autograd.shape))
        {
            throw new ArgumentException($"{name}: by hand the shape is [{string.Join(", ", byHand.shape)}], autograd's is [{string.Join(", ", autograd.shape)}].", nameof(byHand));
        }

        using var scope = torch.NewDisposeScope();
        var exact = byHand.eq(autograd).all().ToBoolean();
        var close = torch.allclose(byHand, autograd);
        var difference = (byHand - autograd).abs().max().ToDouble();
        Exact += exact ? 1 : 0;
        rows.Add(new(name, [new(Numbers(byHand)), new(Numbers(autograd)), new(exact ? "yes" : "no"), new(close ? "yes" : "no"), new(ShortNumber.Of(difference))]));
    }

    /// <inheritdoc/>
    public override string ToHtml() => Table().ToHtml();

    /// <inheritdoc/>
    public override string ToText() => Table().ToText();

    private RichTable Table() => new("The chain rule by hand, and autograd", ["gradient", "by hand", "autograd", "exact", "approximate", "maxdiff"], rows);

    private static string Numbers(Tensor tensor) =>
        string.Join(" ", tensor.detach().to_type(torch.float64).contiguous().data<double>().ToArray().Select(value => PythonNumber.Fixed(value == 0 ? 0 : value, 4)));
}

#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>Compares gradients derived by hand with autograd's: whether they are exactly equal (up to the sign of zero), approximately equal, and the largest difference.</summary>
/// <remarks>
/// The columns are those of "becoming a backprop ninja", https://github.com/karpathy/nn-zero-to-hero.
/// Of a gradient with more than eight numbers, the table shows the first and last three and the location of the largest difference.
/// </remarks>
public sealed class GradientComparison : RichOutput
{
    private const int Few = 8;
    private const int Edge = 3;

    private readonly List<RichTable.Row> rows = [];
    private readonly List<double> differences = [];

    /// <summary>The number of rows in which all numbers are equal, where 0 and -0 count as equal.</summary>
    public int Exact { get; private set; }

    /// <summary>The number of rows.</summary>
    public int Count => rows.Count;

    /// <summary>Adds a row.</summary>
    /// <param name="name">The name of the differentiated tensor.</param>
    /// <param name="byHand">The gradient derived by hand.</param>
    /// <param name="autograd">Autograd's gradient, in the same shape.</param>
    /// <exception cref="ArgumentNullException">One of the gradients is null.</exception>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public void Add(string name, Tensor byHand, Tensor? autograd)
    {
        if (autograd is null)
        {
            throw new ArgumentNullException(nameof(autograd), $"{name} has no gradient yet. Run backward() first.");
        }

        if (byHand is null)
        {
            throw new ArgumentNullException(nameof(byHand), $"{name} has no gradient by hand yet. Run the cell that computes it first.");
        }

        if (!byHand.shape.SequenceEqual(autograd.shape))
        {
            throw new ArgumentException($"{name}: by hand the shape is [{string.Join(", ", byHand.shape)}], autograd's is [{string.Join(", ", autograd.shape)}].", nameof(byHand));
        }

        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        // Different dtypes are compared in one that can represent both.
        var wide = byHand.is_complex() || autograd.is_complex() ? torch.complex128 : torch.float64;
        var (left, right) = byHand.dtype == autograd.dtype ? (byHand, autograd) : (byHand.to_type(wide), autograd.to_type(wide));
        var exact = left.eq(right).all().ToBoolean();
        var close = torch.allclose(left, right);
        var apart = new TensorNumbers(left.to_type(wide) - right.to_type(wide));
        var worst = Enumerable.Range(0, apart.Count).DefaultIfEmpty(-1).MaxBy(i => i < 0 ? 0 : double.IsNaN(apart.Size(i)) ? double.PositiveInfinity : apart.Size(i));
        var difference = worst < 0 ? 0 : apart.Size(worst);
        Exact += exact ? 1 : 0;
        differences.Add(difference);
        var where = byHand.numel() > Few && difference != 0 ? " at " + NamedTensors.At("", worst, byHand.shape) : "";
        rows.Add(new(name, [new(Numbers(byHand)), new(Numbers(autograd)), new(exact ? "yes" : "no"), new(close ? "yes" : "no"), new(ShortNumber.Of(difference) + where)]));
    }

    /// <inheritdoc/>
    public override string ToHtml() => Table().ToHtml();

    /// <inheritdoc/>
    public override string ToText() => Table().ToText();

    private RichTable Table() => rows.Count == 0
        ? throw new InvalidOperationException("There is nothing to compare yet. Call Add first.")
        : new(
            "The chain rule by hand, compared with autograd", ["gradient", "by hand", "autograd", "exact", "approximate", "maxdiff"],
            rows.Count, RichTable.Choose(rows.Count, place => differences[place]), place => rows[place], "differences");

    private static string Numbers(Tensor tensor)
    {
        var numbers = new TensorNumbers(tensor);
        string Text(int i) => numbers.Text(i, value => PythonNumber.Fixed(value == 0 ? 0 : value, 4));
        if (numbers.Count <= Few)
        {
            return string.Join(" ", Enumerable.Range(0, numbers.Count).Select(Text));
        }

        var first = string.Join(" ", Enumerable.Range(0, Edge).Select(Text));
        var last = string.Join(" ", Enumerable.Range(numbers.Count - Edge, Edge).Select(Text));
        return FormattableString.Invariant($"{first} … {last} ({numbers.Count} numbers)");
    }
}

#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>What one operation computes, and how it passes a gradient back to each of its inputs.</summary>
/// <remarks>
/// If a number that a rule needs is not among the known inputs, the result and the gradient, there is no formula.
/// Arguments of an operation other than tensors (an exponent, a factor) are computed from its input and result; an exponent is assumed to be 2 if the result is not known.
/// Source: the derivatives that autograd itself uses, https://github.com/pytorch/pytorch/blob/v2.10.0/tools/autograd/derivatives.yaml.
/// </remarks>
public sealed class OperationRule
{
    private static readonly Func<OperationFacts, Formula?> Reshaped = op =>
        op.Result is { } result && op.Input(0) is { } x && x.numel() == result.numel() ? new(x.reshape(result.shape), n => n(x)) : null;

    private static readonly OperationRule Reshape = new(1, "the same numbers, in the shape of the input", Reshaped, (op, _) => op.Input(0) is { } x ? new(op.Gradient.reshape(x.shape), n => n(op.Gradient)) : null);

    private static readonly OperationRule Transpose = new(
        1, "the same numbers, with rows and columns swapped",
        op => op.Input(0) is { } x && x.dim() <= 2 ? new(x.t(), n => $"{n(x)}ᵀ", PerNumber: false) : null,
        (op, _) => op.Gradient.dim() <= 2 ? new(op.Gradient.t(), n => $"{n(op.Gradient)}ᵀ", PerNumber: false) : null);

    private static readonly Dictionary<string, OperationRule> Rules = new()
    {
        ["AddBackward0"] = new(
            2, "both inputs get the gradient unchanged",
            op => op.Elementwise((a, b) => new(a + b, n => $"{n(a)} + {n(b)}")),
            (op, to) => op.Spread(to, op.Gradient, n => n(op.Gradient))),
        ["AddBackward1"] = new(
            1, "the gradient passes unchanged: the slope of x + a is 1",
            op => op.Known((x, result) => Difference(result, x) is { } a ? new(x + a, n => $"{n(x)} + {n(a)}") : null),
            (op, _) => new(op.Gradient, n => n(op.Gradient))),
        ["SubBackward0"] = new(
            2, "the first input gets the gradient unchanged, the second its negative, because of the minus sign",
            op => op.Elementwise((a, b) => new(a - b, n => $"{n(a)} − {n(b)}")),
            (op, to) => to == 0 ? op.Spread(to, op.Gradient, n => n(op.Gradient)) : op.Spread(to, -op.Gradient, n => $"-1 × {n(op.Gradient)}")),
        ["SubBackward1"] = new(
            1, "the gradient passes unchanged: the slope of x − a is 1",
            op => op.Known((x, result) => Difference(x, result) is { } a ? new(x - a, n => $"{n(x)} − {n(a)}") : null),
            (op, _) => new(op.Gradient, n => n(op.Gradient))),
        ["RsubBackward1"] = new(
            1, "the negative of the gradient: the slope of a − x is −1",
            op => op.Known((x, result) => Difference(result, -x) is { } a ? new(a - x, n => $"{n(a)} − {n(x)}") : null),
            (op, _) => new(-op.Gradient, n => $"-1 × {n(op.Gradient)}")),
        ["MulBackward0"] = new(
            2, "each factor gets the gradient times the other factor",
            op => op.Elementwise((a, b) => new(a * b, n => $"{n(a)} × {n(b)}")),
            (op, to) => op.Input(1 - to) is { } other ? op.Spread(to, op.Gradient * other, n => $"{n(op.Gradient)} × {n(other)}") : null),
        ["MulBackward1"] = new(
            1, "the gradient times the factor",
            op => op.Known((x, result) => Quotient(result, x) is { } a ? new(x * a, n => $"{n(x)} × {n(a)}") : null),
            (op, _) => op.Known((x, result) => Quotient(result, x) is { } a ? new(op.Gradient * a, n => $"{n(op.Gradient)} × {n(a)}") : null)),
        ["DivBackward0"] = new(
            2, "the slope of a / b is 1 / b for a and −a / b² for b",
            op => op.Elementwise((a, b) => new(a / b, n => $"{n(a)} / {n(b)}")),
            (op, to) => op.Input(1) is not { } b ? null
                : to == 0 ? op.Spread(to, op.Gradient / b, n => $"{n(op.Gradient)} / {n(b)}")
                : op.Input(0) is { } a ? op.Spread(to, -op.Gradient * a / (b * b), n => $"-1 × {n(op.Gradient)} × {n(a)} / {n(b)}²") : null),
        ["DivBackward1"] = new(
            1, "the gradient divided by the divisor",
            op => op.Known((x, result) => Quotient(x, result) is { } a ? new(x / a, n => $"{n(x)} / {n(a)}") : null),
            (op, _) => op.Known((x, result) => Quotient(x, result) is { } a ? new(op.Gradient / a, n => $"{n(op.Gradient)} / {n(a)}") : null)),
        ["NegBackward0"] = new(
            1, "the negative of the gradient",
            op => op.Input(0) is { } x ? new(-x, n => $"-1 × {n(x)}") : null,
            (op, _) => new(-op.Gradient, n => $"-1 × {n(op.Gradient)}")),
        ["ReciprocalBackward0"] = new(
            1, "the slope of 1 / x is −1 / x²",
            op => op.Input(0) is { } x ? new(x.reciprocal(), n => $"1 / {n(x)}") : null,
            (op, _) => op.Input(0) is { } x ? new(-op.Gradient / (x * x), n => $"-1 × {n(op.Gradient)} / {n(x)}²") : null),
        ["PowBackward0"] = new(
            1, "the slope of xⁿ is n × xⁿ⁻¹",
            op => op.Input(0) is { } x && (op.Result is { } result ? Exponent(x, result) : 2) is { } e ? new(x.pow(e), n => $"{n(x)}{Power(e)}") : null,
            (op, _) => op.Known((x, result) => Exponent(x, result) is { } e ? new(op.Gradient * e * x.pow(e - 1), n => $"{n(op.Gradient)} × {ShortNumber.Of(e)} × {n(x)}{Power(e - 1)}") : null)),
        ["SqrtBackward0"] = new(
            1, "the slope of the square root r is 1 / 2r",
            op => op.Input(0) is { } x ? new(x.sqrt(), n => $"√{n(x)}") : null,
            (op, _) => op.Result is { } r ? new(op.Gradient / (2 * r), n => $"{n(op.Gradient)} / (2 × {n(r)})") : null),
        ["ExpBackward0"] = new(
            1, "the slope of eˣ is eˣ itself",
            op => op.Input(0) is { } x ? new(x.exp(), n => $"e^{n(x)}") : null,
            (op, _) => op.Result is { } r ? new(op.Gradient * r, n => $"{n(op.Gradient)} × {n(r)}") : null),
        ["LogBackward0"] = new(
            1, "the slope of ln x is 1 / x",
            op => op.Input(0) is { } x ? new(x.log(), n => $"ln {n(x)}") : null,
            (op, _) => op.Input(0) is { } x ? new(op.Gradient / x, n => $"{n(op.Gradient)} / {n(x)}") : null),
        ["SigmoidBackward0"] = new(
            1, "the slope of the sigmoid s is s × (1 − s)",
            op => op.Input(0) is { } x ? new(x.sigmoid(), n => $"1 / (1 + e^−{n(x)})") : null,
            (op, _) => op.Result is { } s ? new(op.Gradient * s * (1 - s), n => $"{n(op.Gradient)} × {n(s)} × (1 − {n(s)})") : null),
        ["TanhBackward0"] = new(
            1, "the slope of the tanh t is 1 − t²",
            op => op.Input(0) is { } x ? new(x.tanh(), n => $"tanh {n(x)}") : null,
            (op, _) => op.Result is { } t ? new(op.Gradient * (1 - t * t), n => $"{n(op.Gradient)} × (1 − {n(t)}²)") : null),
        ["SinBackward0"] = new(
            1, "the slope of sin x is cos x",
            op => op.Input(0) is { } x ? new(x.sin(), n => $"sin {n(x)}") : null,
            (op, _) => op.Input(0) is { } x ? new(op.Gradient * x.cos(), n => $"{n(op.Gradient)} × cos {n(x)}") : null),
        ["CosBackward0"] = new(
            1, "the slope of cos x is −sin x",
            op => op.Input(0) is { } x ? new(x.cos(), n => $"cos {n(x)}") : null,
            (op, _) => op.Input(0) is { } x ? new(-op.Gradient * x.sin(), n => $"-1 × {n(op.Gradient)} × sin {n(x)}") : null),
        ["AbsBackward0"] = new(
            1, "the slope of |x| is the sign of x",
            op => op.Input(0) is { } x ? new(x.abs(), n => $"|{n(x)}|") : null,
            (op, _) => op.Input(0) is { } x ? Switched(op.Gradient, x.sign()) : null),
        ["LeakyReluBackward0"] = new(
            1, "the gradient passes where the value is positive (× 1) and shrinks where it is negative (× the small slope)",
            op => op.Known((x, result) => NegativeSlope(x, result) is { } a ? new(x.relu() - a * (-x).relu(), n => $"{n(x)} × {n(Slopes(x, a))}") : null),
            (op, _) => op.Known((x, result) => NegativeSlope(x, result) is { } a ? Switched(op.Gradient, Slopes(x, a)) : null)),
        ["ReluBackward0"] = new(
            1, "the gradient passes where the value passed (× 1) and stops where it did not (× 0)",
            op => op.Input(0) is { } x ? new(x.relu(), n => $"max(0, {n(x)})") : null,
            (op, _) => op.Result is { } r ? Switched(op.Gradient, r.gt(0).to_type(r.dtype)) : null),
        ["MmBackward0"] = new(
            2, "each matrix gets the matrix product (·) of the gradient and the other matrix, transposed (ᵀ: rows and columns swapped)",
            op => op.Product(0, 1, (a, b) => new(a.mm(b), n => $"{n(a)} · {n(b)}", PerNumber: false)),
            (op, to) => ForFactor(op, to == 0, op.Input(1 - to))),
        ["AddmmBackward0"] = new(
            3, "the bias gets the gradient; each matrix gets the matrix product (·) of the gradient and the other matrix, transposed (ᵀ: rows and columns swapped)",
            op => op.Input(0) is { } c ? op.Product(1, 2, (a, b) => a.mm(b) is var product && OperationFacts.Fit(c, product) ? new(c + product, n => $"{n(c)} + {n(a)} · {n(b)}", PerNumber: false) : null) : null,
            (op, to) => to == 0 ? op.Spread(to, op.Gradient, n => n(op.Gradient)) : ForFactor(op, to == 1, op.Input(3 - to))),
        ["MvBackward0"] = new(
            2, "the matrix gets the outer product of the gradient and the vector; the vector gets the transposed matrix times the gradient",
            op => op.Both((a, b) => a.dim() == 2 && b.dim() == 1 && a.shape[1] == b.shape[0] ? new(a.mv(b), n => $"{n(a)} · {n(b)}", PerNumber: false) : null),
            (op, to) => op.Input(1 - to) is not { } other ? null
                : to == 0 ? new(op.Gradient.unsqueeze(1) * other, n => $"{n(op.Gradient)} · {n(other)}ᵀ", PerNumber: false)
                : new(other.t().mv(op.Gradient), n => $"{n(other)}ᵀ · {n(op.Gradient)}", PerNumber: false)),
        ["DotBackward0"] = new(
            2, "each vector gets the gradient times the other vector",
            op => op.Both((a, b) => a.dim() == 1 && b.dim() == 1 && a.shape[0] == b.shape[0] ? new((a * b).sum(), n => $"{n(a)} · {n(b)}", PerNumber: false) : null),
            (op, to) => op.Input(1 - to) is { } other ? new(op.Gradient * other, n => $"{n(op.Gradient)} × {n(other)}") : null),
        ["UnsqueezeBackward0"] = Reshape,
        ["SqueezeBackward0"] = Reshape,
        ["SqueezeBackward1"] = Reshape,
        ["SqueezeBackward2"] = Reshape,
        ["SqueezeBackward3"] = Reshape,
        ["SqueezeBackward4"] = Reshape,
        ["ViewBackward0"] = Reshape,
        ["TBackward0"] = Transpose,
        ["TransposeBackward0"] = Transpose,
        ["SumBackward0"] = new(
            1, "every number gets the gradient unchanged",
            op => op.Input(0) is { } x ? new(x.sum(), n => $"sum of {n(x)}", PerNumber: false) : null,
            (op, _) => op.Input(0) is { } x ? new(op.Gradient.expand(x.shape), n => n(op.Gradient), PerNumber: false) : null),
        ["MeanBackward0"] = new(
            1, "every number gets the gradient divided by the count of the numbers",
            op => op.Input(0) is { } x ? new(x.mean(), n => $"mean of {n(x)}", PerNumber: false) : null,
            (op, _) => op.Input(0) is { } x ? new((op.Gradient / x.numel()).expand(x.shape), n => $"{n(op.Gradient)} / {x.numel()}", PerNumber: false) : null),
        ["SumBackward1"] = new(
            1, "every number gets the gradient of the sum that it is part of",
            op => op.Known((x, result) => Along(x, result, isMean: false) is { } at ? new(at.Value, n => $"sums of {n(x)}", PerNumber: false) : null),
            (op, _) => op.Known((x, result) => Along(x, result, isMean: false) is { } at ? new(at.Spread(op.Gradient), n => n(op.Gradient), PerNumber: false) : null)),
        ["MeanBackward1"] = new(
            1, "every number gets the gradient of the mean that it is part of, divided by the count of the numbers in that mean",
            op => op.Known((x, result) => Along(x, result, isMean: true) is { } at ? new(at.Value, n => $"means of {n(x)}", PerNumber: false) : null),
            (op, _) => op.Known((x, result) => Along(x, result, isMean: true) is { } at ? new(at.Spread(op.Gradient) / at.Count, n => $"{n(op.Gradient)} / {at.Count}", PerNumber: false) : null)),
        ["SoftmaxBackward0"] = new(
            1, "in each row, each probability times the difference between its gradient and the average gradient, weighted by the probabilities",
            op => op.Input(0) is { } x && x.dim() > 0 ? new(torch.nn.functional.softmax(x, -1), n => $"softmax {n(x)}", PerNumber: false) : null,
            (op, _) => op.Result is { } s ? new(s * (op.Gradient - (op.Gradient * s).sum(-1, keepdim: true)), n => $"{n(s)} × ({n(op.Gradient)} − sum of {n(op.Gradient)} × {n(s)})", PerNumber: false) : null),
        ["LogSoftmaxBackward0"] = new(
            1, "in each row, the gradient minus the sum of the row's gradients times the probabilities",
            op => op.Input(0) is { } x && x.dim() > 0 ? new(torch.nn.functional.log_softmax(x, -1), n => $"ln softmax {n(x)}", PerNumber: false) : null,
            (op, _) => op.Result is { } r ? new(op.Gradient - op.Gradient.sum(-1, keepdim: true) * r.exp(), n => $"{n(op.Gradient)} − sum of {n(op.Gradient)} × e^{n(r)}", PerNumber: false) : null),
        ["MseLossBackward0"] = new(
            2, "the slope of the mean of (a − b)² is 2 × (a − b) / count for a, and the negative for b",
            op => op.Alike((a, b) => new((a - b).pow(2).mean(), n => $"mean of ({n(a)} − {n(b)})²", PerNumber: false)),
            (op, to) => op.Alike((a, b) => to == 0
                ? new(op.Gradient * 2 * (a - b) / a.numel(), n => $"{n(op.Gradient)} × 2 × ({n(a)} − {n(b)}) / {a.numel()}", PerNumber: false)
                : new(op.Gradient * 2 * (b - a) / a.numel(), n => $"{n(op.Gradient)} × 2 × ({n(b)} − {n(a)}) / {a.numel()}", PerNumber: false))),
        ["BinaryCrossEntropyBackward0"] = new(
            2, "the slope of the mean of −y × ln p − (1 − y) × ln (1 − p) is (p − y) / (p × (1 − p)) / count",
            op => op.Alike((p, y) => new(-(y * p.log() + (1 - y) * (1 - p).log()).mean(), n => $"mean of −{n(y)} × ln {n(p)} − (1 − {n(y)}) × ln (1 − {n(p)})", PerNumber: false)),
            (op, to) => to == 0 ? op.Alike((p, y) => new(op.Gradient * (p - y) / (p * (1 - p)) / p.numel(), n => $"{n(op.Gradient)} × ({n(p)} − {n(y)}) / ({n(p)} × (1 − {n(p)})) / {p.numel()}", PerNumber: false)) : null),
        ["BinaryCrossEntropyWithLogitsBackward0"] = new(
            2, "with the probability p = sigmoid x, the slope for x is (p − y) / count",
            op => op.Alike((x, y) => new(((1 + (-x.abs()).exp()).log() + x.relu() - x * y).mean(), n => $"mean of ln (1 + e^{n(x)}) − {n(x)} × {n(y)}", PerNumber: false)),
            (op, to) => to == 0 ? op.Alike((x, y) => new(op.Gradient * (x.sigmoid() - y) / x.numel(), n => $"{n(op.Gradient)} × (sigmoid {n(x)} − {n(y)}) / {x.numel()}", PerNumber: false)) : null),
        ["NllLossBackward0"] = new(
            2, "the log-probability of each sample's class gets −1 / count times the gradient, all others get 0",
            op => op.Both((p, y) => IsClassOf(p, y) ? new(-p.gather(1, y.to_type(torch.int64).unsqueeze(1)).mean(), n => $"minus the mean of {n(p)} at the classes {n(y)}", PerNumber: false) : null),
            (op, _) => op.Both((p, y) => IsClassOf(p, y)
                ? new(-op.Gradient * torch.nn.functional.one_hot(y.to_type(torch.int64), p.shape[1]).to_type(p.dtype) / p.shape[0], n => $"-1 × {n(op.Gradient)} / {p.shape[0]} at the classes {n(y)}", PerNumber: false) : null)),
    };

    private OperationRule(int inputs, string says, Func<OperationFacts, Formula?> forward, Func<OperationFacts, int, Formula?> backward) =>
        (Inputs, Says, Forward, Backward) = (inputs, says, forward, backward);

    /// <summary>The number of input tensors.</summary>
    public int Inputs { get; }

    /// <summary>The rule for the gradient, in words.</summary>
    public string Says { get; }

    /// <summary>Computes the result from the inputs; null if one of them is not known.</summary>
    public Func<OperationFacts, Formula?> Forward { get; }

    /// <summary>Computes the gradient for an input, given its index; null if a number is missing.</summary>
    public Func<OperationFacts, int, Formula?> Backward { get; }

    /// <summary>Whether the operation only changes the shape.</summary>
    public bool OnlyReshapes => ReferenceEquals(Forward, (Func<OperationFacts, Formula?>)Reshaped);

    /// <summary>The names of the operations that have a rule.</summary>
    public static IEnumerable<string> Known => Rules.Keys;

    /// <summary>Returns the rule of an operation; null if there is none.</summary>
    /// <param name="operation">Its name in libtorch, such as <c>SigmoidBackward0</c>.</param>
    public static OperationRule? For(string operation) => Rules.GetValueOrDefault(operation);

    private static Formula Switched(Tensor gradient, Tensor on) => new(gradient * on, n => $"{n(gradient)} × {n(on)}");

    // The gradient for a factor of a matrix product.
    private static Formula? ForFactor(OperationFacts op, bool isLeft, Tensor? other) => other is null ? null
        : isLeft ? new(op.Gradient.mm(other.t()), n => $"{n(op.Gradient)} · {n(other)}ᵀ", PerNumber: false)
        : new(other.t().mm(op.Gradient), n => $"{n(other)}ᵀ · {n(op.Gradient)}", PerNumber: false);

    // 1 where a value is positive, else the slope for negative values.
    private static Tensor Slopes(Tensor x, double negative) => x.gt(0).to_type(x.dtype) * (1 - negative) + negative;

    // The slope for negative values; 0.01, the default, if there are none.
    private static double? NegativeSlope(Tensor x, Tensor result) =>
        x.numel() > 0 && x.min().item<double>() < 0 ? Quotient((-result).relu(), (-x).relu())?.item<double>() : 0.01;

    // A reduction along one dimension: the first one that gives the result.
    private static Reduction? Along(Tensor x, Tensor result, bool isMean)
    {
        for (var dimension = 0; dimension < x.dim(); dimension++)
        {
            foreach (var keepsDimension in new[] { false, true })
            {
                var (count, at) = (x.shape[dimension], dimension);
                var value = x.sum(dimension, keepsDimension) / (isMean ? count : 1);
                if (GraphValues.AreClose(value, result))
                {
                    return new(value, count, gradient => (keepsDimension ? gradient : gradient.unsqueeze(at)).expand(x.shape));
                }
            }
        }

        return null;
    }

    private static string Power(double exponent) => exponent == 1 ? "" : exponent == 2 ? "²" : exponent == 3 ? "³" : $"^{ShortNumber.Of(exponent)}";

    // The number that was added, the same for all elements.
    private static Tensor? Difference(Tensor a, Tensor b) => a.shape.SequenceEqual(b.shape) && a.numel() > 0 ? (a - b).reshape(-1)[0] : null;

    // The factor, computed from the largest number, for which it is exact.
    private static Tensor? Quotient(Tensor product, Tensor factor)
    {
        if (!product.shape.SequenceEqual(factor.shape) || factor.numel() == 0)
        {
            return null;
        }

        var place = factor.abs().argmax().item<long>();
        var quotient = product.reshape(-1)[place] / factor.reshape(-1)[place];
        return double.IsFinite(quotient.item<double>()) ? quotient : null;
    }

    // Computed from the first number that is neither 0 nor 1: all powers of these are equal.
    private static double? Exponent(Tensor x, Tensor result)
    {
        var (bases, powers) = (new TensorNumbers(x), new TensorNumbers(result));
        for (var i = 0; i < Math.Min(bases.Count, powers.Count); i++)
        {
            var exponent = Math.Log(powers.Size(i)) / Math.Log(bases.Size(i));
            if (bases[i] != 0 && Math.Abs(Math.Log(bases.Size(i))) > 1e-3 && double.IsFinite(exponent))
            {
                var rounded = Math.Round(exponent, 3);
                return Math.Abs(exponent - rounded) < 1e-3 ? rounded : exponent;
            }
        }

        return null;
    }

    private static bool IsClassOf(Tensor p, Tensor y) =>
        p.dim() == 2 && y.dim() == 1 && y.shape[0] == p.shape[0] && y.numel() > 0 && y.min().item<double>() >= 0 && y.max().item<double>() < p.shape[1];

    private sealed record Reduction(Tensor Value, long Count, Func<Tensor, Tensor> Spread);

    /// <summary>A result with its calculation.</summary>
    /// <param name="Value">The result.</param>
    /// <param name="Write">Writes the calculation, given a function that writes a tensor in it.</param>
    /// <param name="PerNumber">Whether the calculation is elementwise.</param>
    public sealed record Formula(Tensor Value, Func<Func<Tensor, string>, string> Write, bool PerNumber = true);
}

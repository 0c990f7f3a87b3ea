#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>What one operation computes, and how it passes a gradient back to each of its inputs.</summary>
/// <remarks>
/// A rule knows only what it is told: where a number that it needs is not among the inputs, the result and the gradient, there is no formula.
/// What the operation was given beside tensors (an exponent, a factor) is worked out from input and result; an exponent is 2 until a result says otherwise.
/// Sources: the derivatives that autograd itself uses, https://github.com/pytorch/pytorch/blob/v2.10.0/tools/autograd/derivatives.yaml.
/// </remarks>
public sealed class OperationRule
{
    private static readonly Func<Call, Formula?> Reshaped = call =>
        call.Result is { } result && call.Input(0) is { } x && x.numel() == result.numel() ? new(x.reshape(result.shape), n => n(x)) : null;

    private static readonly OperationRule Reshape = new(1, "the same numbers, in the shape of the input", Reshaped, (call, _) => call.Input(0) is { } x ? new(call.Gradient.reshape(x.shape), n => n(call.Gradient)) : null);

    private static readonly Dictionary<string, OperationRule> Rules = new()
    {
        ["AddBackward0"] = new(
            2, "each of the two gets the gradient as it is",
            call => call.Elementwise((a, b) => new(a + b, n => $"{n(a)} + {n(b)}")),
            (call, to) => call.Spread(to, call.Gradient, n => n(call.Gradient))),
        ["AddBackward1"] = new(
            1, "the gradient passes as it is: the slope of x + a is 1",
            call => call.Known((x, result) => Difference(result, x) is { } a ? new(x + a, n => $"{n(x)} + {n(a)}") : null),
            (call, _) => new(call.Gradient, n => n(call.Gradient))),
        ["SubBackward0"] = new(
            2, "the first gets the gradient as it is, the second, behind the minus, its negative",
            call => call.Elementwise((a, b) => new(a - b, n => $"{n(a)} − {n(b)}")),
            (call, to) => to == 0 ? call.Spread(to, call.Gradient, n => n(call.Gradient)) : call.Spread(to, -call.Gradient, n => $"-1 × {n(call.Gradient)}")),
        ["SubBackward1"] = new(
            1, "the gradient passes as it is: the slope of x − a is 1",
            call => call.Known((x, result) => Difference(x, result) is { } a ? new(x - a, n => $"{n(x)} − {n(a)}") : null),
            (call, _) => new(call.Gradient, n => n(call.Gradient))),
        ["RsubBackward1"] = new(
            1, "the gradient's negative: the slope of a − x is −1",
            call => call.Known((x, result) => Difference(result, -x) is { } a ? new(a - x, n => $"{n(a)} − {n(x)}") : null),
            (call, _) => new(-call.Gradient, n => $"-1 × {n(call.Gradient)}")),
        ["MulBackward0"] = new(
            2, "each factor gets the gradient times the other factor",
            call => call.Elementwise((a, b) => new(a * b, n => $"{n(a)} × {n(b)}")),
            (call, to) => call.Input(1 - to) is { } other ? call.Spread(to, call.Gradient * other, n => $"{n(call.Gradient)} × {n(other)}") : null),
        ["MulBackward1"] = new(
            1, "the gradient times the factor",
            call => call.Known((x, result) => Quotient(result, x) is { } a ? new(x * a, n => $"{n(x)} × {n(a)}") : null),
            (call, _) => call.Known((x, result) => Quotient(result, x) is { } a ? new(call.Gradient * a, n => $"{n(call.Gradient)} × {n(a)}") : null)),
        ["DivBackward0"] = new(
            2, "the slope of a / b is 1 / b for a and −a / b² for b",
            call => call.Elementwise((a, b) => new(a / b, n => $"{n(a)} / {n(b)}")),
            (call, to) => call.Input(1) is not { } b ? null
                : to == 0 ? call.Spread(to, call.Gradient / b, n => $"{n(call.Gradient)} / {n(b)}")
                : call.Input(0) is { } a ? call.Spread(to, -call.Gradient * a / (b * b), n => $"-1 × {n(call.Gradient)} × {n(a)} / {n(b)}²") : null),
        ["DivBackward1"] = new(
            1, "the gradient divided by the divisor",
            call => call.Known((x, result) => Quotient(x, result) is { } a ? new(x / a, n => $"{n(x)} / {n(a)}") : null),
            (call, _) => call.Known((x, result) => Quotient(x, result) is { } a ? new(call.Gradient / a, n => $"{n(call.Gradient)} / {n(a)}") : null)),
        ["NegBackward0"] = new(
            1, "the gradient's negative",
            call => call.Input(0) is { } x ? new(-x, n => $"-1 × {n(x)}") : null,
            (call, _) => new(-call.Gradient, n => $"-1 × {n(call.Gradient)}")),
        ["ReciprocalBackward0"] = new(
            1, "the slope of 1 / x is −1 / x²",
            call => call.Input(0) is { } x ? new(x.reciprocal(), n => $"1 / {n(x)}") : null,
            (call, _) => call.Input(0) is { } x ? new(-call.Gradient / (x * x), n => $"-1 × {n(call.Gradient)} / {n(x)}²") : null),
        ["PowBackward0"] = new(
            1, "the slope of xⁿ is n × xⁿ⁻¹",
            call => call.Input(0) is { } x && (call.Result is { } result ? Exponent(x, result) : 2) is { } e ? new(x.pow(e), n => $"{n(x)}{Power(e)}") : null,
            (call, _) => call.Known((x, result) => Exponent(x, result) is { } e ? new(call.Gradient * e * x.pow(e - 1), n => $"{n(call.Gradient)} × {ShortNumber.Of(e)} × {n(x)}{Power(e - 1)}") : null)),
        ["SqrtBackward0"] = new(
            1, "the slope of the root r is 1 / 2r",
            call => call.Input(0) is { } x ? new(x.sqrt(), n => $"√{n(x)}") : null,
            (call, _) => call.Result is { } r ? new(call.Gradient / (2 * r), n => $"{n(call.Gradient)} / (2 × {n(r)})") : null),
        ["ExpBackward0"] = new(
            1, "the slope of eˣ is eˣ itself",
            call => call.Input(0) is { } x ? new(x.exp(), n => $"e^{n(x)}") : null,
            (call, _) => call.Result is { } r ? new(call.Gradient * r, n => $"{n(call.Gradient)} × {n(r)}") : null),
        ["LogBackward0"] = new(
            1, "the slope of ln x is 1 / x",
            call => call.Input(0) is { } x ? new(x.log(), n => $"ln {n(x)}") : null,
            (call, _) => call.Input(0) is { } x ? new(call.Gradient / x, n => $"{n(call.Gradient)} / {n(x)}") : null),
        ["SigmoidBackward0"] = new(
            1, "the slope of the sigmoid s is s × (1 − s)",
            call => call.Input(0) is { } x ? new(x.sigmoid(), n => $"1 / (1 + e^−{n(x)})") : null,
            (call, _) => call.Result is { } s ? new(call.Gradient * s * (1 - s), n => $"{n(call.Gradient)} × {n(s)} × (1 − {n(s)})") : null),
        ["TanhBackward0"] = new(
            1, "the slope of the tanh t is 1 − t²",
            call => call.Input(0) is { } x ? new(x.tanh(), n => $"tanh {n(x)}") : null,
            (call, _) => call.Result is { } t ? new(call.Gradient * (1 - t * t), n => $"{n(call.Gradient)} × (1 − {n(t)}²)") : null),
        ["ReluBackward0"] = new(
            1, "the gradient passes where a value passed (× 1) and ends where none did (× 0)",
            call => call.Input(0) is { } x ? new(x.relu(), n => $"max(0, {n(x)})") : null,
            (call, _) => call.Result is { } r ? Switched(call.Gradient, r.gt(0).to_type(r.dtype)) : null),
        ["MmBackward0"] = new(
            2, "each matrix gets the gradient times the other one, transposed (ᵀ: rows and columns exchanged)",
            call => call.Both((a, b) => a.dim() == 2 && b.dim() == 2 && a.shape[1] == b.shape[0] ? new(a.mm(b), n => $"{n(a)} · {n(b)}", PerNumber: false) : null),
            (call, to) => call.Input(1 - to) is not { } other ? null
                : to == 0 ? new(call.Gradient.mm(other.t()), n => $"{n(call.Gradient)} · {n(other)}ᵀ", PerNumber: false)
                : new(other.t().mm(call.Gradient), n => $"{n(other)}ᵀ · {n(call.Gradient)}", PerNumber: false)),
        ["MvBackward0"] = new(
            2, "the matrix gets the product of gradient and vector, number by number; the vector gets the transposed matrix times the gradient",
            call => call.Both((a, b) => a.dim() == 2 && b.dim() == 1 && a.shape[1] == b.shape[0] ? new(a.mv(b), n => $"{n(a)} · {n(b)}", PerNumber: false) : null),
            (call, to) => call.Input(1 - to) is not { } other ? null
                : to == 0 ? new(call.Gradient.unsqueeze(1) * other, n => $"{n(call.Gradient)} · {n(other)}ᵀ", PerNumber: false)
                : new(other.t().mv(call.Gradient), n => $"{n(other)}ᵀ · {n(call.Gradient)}", PerNumber: false)),
        ["DotBackward0"] = new(
            2, "each vector gets the gradient times the other one",
            call => call.Both((a, b) => a.dim() == 1 && b.dim() == 1 && a.shape[0] == b.shape[0] ? new((a * b).sum(), n => $"{n(a)} · {n(b)}", PerNumber: false) : null),
            (call, to) => call.Input(1 - to) is { } other ? new(call.Gradient * other, n => $"{n(call.Gradient)} × {n(other)}") : null),
        ["UnsqueezeBackward0"] = Reshape,
        ["SqueezeBackward0"] = Reshape,
        ["SqueezeBackward1"] = Reshape,
        ["SqueezeBackward2"] = Reshape,
        ["SqueezeBackward3"] = Reshape,
        ["SqueezeBackward4"] = Reshape,
        ["ViewBackward0"] = Reshape,
        ["TBackward0"] = new(
            1, "the same numbers, rows and columns exchanged",
            call => call.Input(0) is { } x ? new(x.t(), n => $"{n(x)}ᵀ", PerNumber: false) : null,
            (call, _) => new(call.Gradient.t(), n => $"{n(call.Gradient)}ᵀ", PerNumber: false)),
        ["SumBackward0"] = new(
            1, "every number gets the gradient as it is",
            call => call.Input(0) is { } x ? new(x.sum(), n => $"sum of {n(x)}", PerNumber: false) : null,
            (call, _) => call.Input(0) is { } x ? new(call.Gradient.expand(x.shape), n => n(call.Gradient), PerNumber: false) : null),
        ["MeanBackward0"] = new(
            1, "every number gets the gradient divided by how many there are",
            call => call.Input(0) is { } x ? new(x.mean(), n => $"mean of {n(x)}", PerNumber: false) : null,
            (call, _) => call.Input(0) is { } x ? new((call.Gradient / x.numel()).expand(x.shape), n => $"{n(call.Gradient)} / {x.numel()}", PerNumber: false) : null),
        ["LogSoftmaxBackward0"] = new(
            1, "in each row the gradient minus the sum of the row's gradients times the probabilities",
            call => call.Input(0) is { } x && x.dim() > 0 ? new(torch.nn.functional.log_softmax(x, -1), n => $"ln softmax {n(x)}", PerNumber: false) : null,
            (call, _) => call.Result is { } r ? new(call.Gradient - call.Gradient.sum(-1, keepdim: true) * r.exp(), n => $"{n(call.Gradient)} − sum of {n(call.Gradient)} × e^{n(r)}", PerNumber: false) : null),
        ["NllLossBackward0"] = new(
            2, "the log-probability of each sample's class gets −1 / count times the gradient, every other one 0",
            call => call.Both((p, y) => IsClassOf(p, y) ? new(-p.gather(1, y.to_type(torch.int64).unsqueeze(1)).mean(), n => $"minus the mean of {n(p)} at the classes {n(y)}", PerNumber: false) : null),
            (call, _) => call.Both((p, y) => IsClassOf(p, y)
                ? new(-call.Gradient * torch.nn.functional.one_hot(y.to_type(torch.int64), p.shape[1]).to_type(p.dtype) / p.shape[0], n => $"-1 × {n(call.Gradient)} / {p.shape[0]} at the classes {n(y)}", PerNumber: false) : null)),
    };

    private OperationRule(int inputs, string says, Func<Call, Formula?> forward, Func<Call, int, Formula?> backward) =>
        (Inputs, Says, Forward, Backward) = (inputs, says, forward, backward);

    /// <summary>How many tensors the operation takes.</summary>
    public int Inputs { get; }

    /// <summary>The rule for the gradient, in words.</summary>
    public string Says { get; }

    /// <summary>The result from the inputs; null where one of them is not known.</summary>
    public Func<Call, Formula?> Forward { get; }

    /// <summary>The gradient for an input, by its place; null where a number is missing.</summary>
    public Func<Call, int, Formula?> Backward { get; }

    /// <summary>Whether the operation does nothing but give the same numbers another shape.</summary>
    public bool OnlyReshapes => ReferenceEquals(Forward, (Func<Call, Formula?>)Reshaped);

    /// <summary>The names of the operations that have a rule.</summary>
    public static IEnumerable<string> Known => Rules.Keys;

    /// <summary>Returns the rule of an operation; null when none is written down here.</summary>
    /// <param name="operation">Its name in libtorch, such as <c>SigmoidBackward0</c>.</param>
    public static OperationRule? For(string operation) => Rules.GetValueOrDefault(operation);

    private static Formula Switched(Tensor gradient, Tensor on) => new(gradient * on, n => $"{n(gradient)} × {n(on)}");

    private static string Power(double exponent) => exponent == 1 ? "" : exponent == 2 ? "²" : exponent == 3 ? "³" : $"^{ShortNumber.Of(exponent)}";

    // What was added: the same everywhere.
    private static Tensor? Difference(Tensor a, Tensor b) => a.shape.SequenceEqual(b.shape) && a.numel() > 0 ? (a - b).reshape(-1)[0] : null;

    // What was multiplied with, from the largest number, where it is exact.
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

    // From the first number that is neither 0 nor 1, to which every power is the same.
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

    /// <summary>An operation with what is known of it, all in float64.</summary>
    /// <param name="Inputs">Its inputs, in order.</param>
    /// <param name="Result">Its result.</param>
    /// <param name="Arrived">The gradient that arrived at its result.</param>
    public sealed record Call(IReadOnlyList<Tensor?> Inputs, Tensor? Result, Tensor? Arrived = null)
    {
        /// <summary>The gradient that arrived, for a step back.</summary>
        /// <exception cref="InvalidOperationException">None did.</exception>
        public Tensor Gradient => Arrived ?? throw new InvalidOperationException("No gradient arrived.");

        /// <summary>An input; null when it is not known.</summary>
        public Tensor? Input(int place) => place < Inputs.Count ? Inputs[place] : null;

        /// <summary>What is made of both inputs, if they are known.</summary>
        public Formula? Both(Func<Tensor, Tensor, Formula?> make) => Input(0) is { } a && Input(1) is { } b ? make(a, b) : null;

        /// <summary>What is made of both inputs number by number, if they are known and their shapes can be made equal.</summary>
        public Formula? Elementwise(Func<Tensor, Tensor, Formula?> make) => Both((a, b) => Fit(a, b) ? make(a, b) : null);

        /// <summary>What is made of the only input and the result, if they are known.</summary>
        public Formula? Known(Func<Tensor, Tensor, Formula?> make) => Input(0) is { } x && Result is { } result ? make(x, result) : null;

        /// <summary>A gradient for an input that may have been used several times along a dimension: these shares are added.</summary>
        public Formula? Spread(int place, Tensor gradient, Func<Func<Tensor, string>, string> write)
        {
            if (Input(place) is not { } x)
            {
                return null;
            }

            if (x.shape.SequenceEqual(gradient.shape))
            {
                return new(gradient, write);
            }

            var sum = gradient;
            while (sum.dim() > x.dim())
            {
                sum = sum.sum(0L);
            }

            for (var dimension = 0; dimension < x.dim(); dimension++)
            {
                sum = x.shape[dimension] == 1 && sum.shape[dimension] > 1 ? sum.sum(dimension, keepdim: true) : sum;
            }

            return new(sum, n => $"sum of {write(n)}", PerNumber: false);
        }

        private static bool Fit(Tensor a, Tensor b)
        {
            for (var i = 1; i <= Math.Min(a.dim(), b.dim()); i++)
            {
                var (one, other) = (a.shape[^i], b.shape[^i]);
                if (one != other && one != 1 && other != 1)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>A result with the way to it.</summary>
    /// <param name="Value">The result.</param>
    /// <param name="Write">Writes the way, given how a tensor in it is written.</param>
    /// <param name="PerNumber">Whether it holds for each number on its own.</param>
    public sealed record Formula(Tensor Value, Func<Func<Tensor, string>, string> Write, bool PerNumber = true);
}

#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>Compares autograd's gradients with central differences, for every element of the parameters.</summary>
/// <remarks>
/// (f(p + h) − f(p − h)) / 2h. The truncation error falls as h² and the rounding error grows as 1/h, so in float64 the best h
/// is near the cube root of the precision, 6e-6: Press et al., Numerical Recipes, 5.7.
/// The parameters and their <c>.grad</c> are restored afterwards. The table has at most <see cref="RichTable.MostRows"/> rows: if there
/// are more numbers, it shows the first, the last and those with the largest errors.
/// </remarks>
public sealed class GradientCheck : RichOutput
{
    private const int MostInCurve = 40;

    private readonly Func<Tensor> loss;
    private readonly List<(string Name, Tensor Tensor)> used;
    private readonly List<double[]> autograd;
    private readonly RichTable table;

    /// <summary>Checks the gradients.</summary>
    /// <param name="loss">Recomputes the loss from the parameters, as a tensor with one element.</param>
    /// <param name="parameters">
    /// The parameters, float64 leaves that require a gradient, with their names: <c>new { w1, b1 }</c>, <c>module.named_parameters()</c>
    /// or another form that <see cref="NamedTensors"/> knows.
    /// </param>
    /// <param name="step">The step h, greater than zero.</param>
    /// <exception cref="ArgumentException">A parameter has no name or is not a float64 leaf that requires a gradient, or the loss cannot be checked.</exception>
    public GradientCheck(Func<Tensor> loss, object parameters, double step = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        this.loss = loss;
        var named = NamedTensors.Of(parameters).ToList();
        foreach (var (name, tensor) in named)
        {
            RequireCheckable(name, tensor);
        }

        var gradients = Gradients(named);
        used = named.Where((_, i) => gradients[i] is not null).ToList();
        Unused = named.Where((_, i) => gradients[i] is null).Select(entry => entry.Name).ToList();
        if (used.Count == 0)
        {
            throw new ArgumentException($"The loss does not depend on {string.Join(", ", Unused)}, so there is no gradient to check.", nameof(parameters));
        }

        autograd = gradients.OfType<double[]>().ToList();
        Results = Check(step, AllPlaces());
        var choice = RichTable.Choose(Results.Count, place => Results[place].RelativeError);
        table = new(
            Caption(step), ["parameter", "autograd", "difference quotient", "relative error"],
            Results.Count, choice, place => Row(Results[place]), "errors");
    }

    /// <summary>One result for every element of every parameter that the loss depends on.</summary>
    public IReadOnlyList<Result> Results { get; }

    /// <summary>The names of the parameters that the loss does not depend on, which get no gradient from autograd.</summary>
    public IReadOnlyList<string> Unused { get; }

    /// <summary>Returns a chart of the largest relative error for steps from 0.1 down to 1e-13. If there are more than 40 numbers, it uses 40, evenly spaced.</summary>
    public RichOutput ErrorByStep()
    {
        var all = AllPlaces();
        var some = all.Count <= MostInCurve ? all : Enumerable.Range(0, MostInCurve).Select(i => all[(int)((long)i * (all.Count - 1) / (MostInCurve - 1))]).ToList();
        var points = new List<(double Step, double Error)>();
        for (var i = 0; i < 49; i++)
        {
            var step = Math.Pow(10, -13 + i / 4.0);
            points.Add((step, Check(step, some).Max(result => result.RelativeError)));
        }

        return new StepCurve(points, some.Count < all.Count ? FormattableString.Invariant($" For {some.Count} of the {all.Count} numbers, evenly spaced.") : "");
    }

    /// <inheritdoc/>
    public override string ToHtml() => table.ToHtml();

    /// <inheritdoc/>
    public override string ToText() => table.ToText();

    private static RichTable.Row Row(Result result) => new(
        result.Name, [new(PythonNumber.Fixed(result.Autograd, 10)), new(PythonNumber.Fixed(result.Numeric, 10)), new(ShortNumber.Of(result.RelativeError))]);

    private static void RequireCheckable(string name, Tensor tensor)
    {
        if (tensor.dtype != torch.float64)
        {
            var how = name.Contains('.', StringComparison.Ordinal) || tensor is TorchSharp.Modules.Parameter
                ? "Write module.to(torch.float64)"
                : $"Write {name}.detach().to_type(torch.float64).requires_grad_()";
            throw new ArgumentException($"{name} is {tensor.dtype.ToString().ToLowerInvariant()}; a difference quotient needs float64, because rounding in a lower precision hides small differences. {how}, and convert the data as well: x.to_type(torch.float64).");
        }

        if (!tensor.is_leaf || !tensor.requires_grad)
        {
            throw new ArgumentException($"{name} is not a leaf that requires a gradient, so autograd computes none for it. Write {name}.detach().requires_grad_(), and compute the loss from that.");
        }

        if (tensor.shape.Zip(tensor.stride(), (size, stride) => size > 1 && stride == 0).Any(shared => shared))
        {
            throw new ArgumentException($"Elements of {name} share memory, for example after expand(), so they cannot be changed one at a time. Write {name}.detach().clone().requires_grad_().");
        }
    }

    // Autograd's gradients in order; null for a parameter that it did not reach. Restores .grad.
    private List<double[]?> Gradients(List<(string Name, Tensor Tensor)> named)
    {
        using var scope = torch.NewDisposeScope();
        var before = new List<Tensor?>();
        foreach (var (_, tensor) in named)
        {
            before.Add(tensor.grad);
            tensor.grad = null;
        }

        try
        {
            var value = Loss();
            if (!value.requires_grad)
            {
                throw new ArgumentException($"The loss does not depend on {string.Join(", ", named.Select(entry => entry.Name))}: autograd recorded no operation between them. Look for a detach(), item() or no_grad() in its computation.");
            }

            var again = Loss();
            if (value.item<double>() != again.item<double>() && double.IsFinite(value.item<double>()))
            {
                throw new ArgumentException("The loss is different when computed again. It must depend on the parameters alone: remove dropout, other random numbers and training steps.");
            }

            value.backward();
            return named.Select(entry => entry.Tensor.grad is { } gradient ? Numbers(gradient) : null).ToList();
        }
        finally
        {
            for (var i = 0; i < named.Count; i++)
            {
                named[i].Tensor.grad = before[i];
            }
        }
    }

    private static double[] Numbers(Tensor tensor) => tensor.numel() == 0 ? [] : tensor.to_dense().contiguous().data<double>().ToArray();

    private Tensor Loss()
    {
        var value = loss() ?? throw new ArgumentException("The loss has no value. The function must return it.");
        return value.numel() == 1
            ? value.dtype == torch.float64 ? value.reshape([]) : throw new ArgumentException($"The loss is {value.dtype.ToString().ToLowerInvariant()}; it must be float64, like the parameters. Convert the data as well: x.to_type(torch.float64).")
            : throw new ArgumentException($"The loss has shape [{string.Join(", ", value.shape)}]; it must be one number. Apply mean(…) or .sum() to it.");
    }

    private List<(int Parameter, int Index)> AllPlaces()
    {
        var places = new List<(int Parameter, int Index)>();
        for (var parameter = 0; parameter < used.Count; parameter++)
        {
            for (var index = 0; index < autograd[parameter].Length; index++)
            {
                places.Add((parameter, index));
            }
        }

        return places;
    }

    private List<Result> Check(double step, List<(int Parameter, int Index)> places)
    {
        using var off = torch.no_grad();
        var results = new List<Result>();
        foreach (var (parameter, index) in places)
        {
            var (name, tensor) = used[parameter];
            var numeric = DifferenceQuotient(tensor, index, step);
            results.Add(new(NamedTensors.At(name, index, tensor.shape), autograd[parameter][index], numeric));
        }

        return results;
    }

    private double DifferenceQuotient(Tensor tensor, int index, double step)
    {
        using var scope = torch.NewDisposeScope();
        var number = tensor.detach();
        foreach (var place in NamedTensors.Place(index, tensor.shape))
        {
            number = number.select(0, place);
        }

        var value = number.item<double>();
        try
        {
            number.fill_(value + step);
            var above = Loss().item<double>();
            number.fill_(value - step);
            var below = Loss().item<double>();
            return (above - below) / (2 * step);
        }
        finally
        {
            number.fill_(value);
        }
    }

    private string Caption(double step)
    {
        var worst = Results.Where(result => double.IsNaN(result.RelativeError)).Concat(Results.OrderByDescending(result => result.RelativeError)).FirstOrDefault();
        var caption = $"Autograd compared with central differences, h = {ShortNumber.Of(step)}.";
        caption += worst is null ? "" : FormattableString.Invariant($" {Results.Count} {(Results.Count == 1 ? "number" : "numbers")}, largest relative error {ShortNumber.Of(worst.RelativeError)} at {worst.Name}.");
        return caption + (Unused.Count == 0 ? "" : $" The loss does not depend on {string.Join(", ", Unused)}.");
    }

    /// <summary>The result for one element of a parameter.</summary>
    /// <param name="Name">The name of the element, such as <c>w1[0, 1]</c>.</param>
    /// <param name="Autograd">The gradient by autograd.</param>
    /// <param name="Numeric">The difference quotient.</param>
    public sealed record Result(string Name, double Autograd, double Numeric)
    {
        /// <summary>|a − b| / max(|a|, |b|, 1e-8).</summary>
        public double RelativeError => Math.Abs(Autograd - Numeric) / Math.Max(Math.Max(Math.Abs(Autograd), Math.Abs(Numeric)), 1e-8);
    }

    private sealed class StepCurve(List<(double Step, double Error)> points, string remark) : RichOutput
    {
        // Sets the line's colour, because a loss curve on the same page may have added its style sheet.
        public override string ToHtml() => $"<figure style=\"margin:0;max-width:760px;--backprop-line:var(--vscode-charts-blue, color-mix(in srgb, #2563eb 75%, currentColor))\">{Picture()}<figcaption style=\"font-size:13px;margin-top:.5em\">{WebUtility.HtmlEncode(Summary())}</figcaption></figure>";

        public override string ToText() => Summary();

        private string Picture() => new LinePlot(
                "Error of the difference quotient", "step h", "error",
                PlotAxis.Logarithmic(points.Select(point => point.Step)), PlotAxis.Logarithmic(points.Select(point => point.Error)))
            .ToSvg(points, "Line chart, both scales logarithmic. " + Summary());

        private string Summary()
        {
            var best = points.MinBy(point => double.IsNaN(point.Error) ? double.PositiveInfinity : point.Error);
            return $"The largest relative error is {ShortNumber.Of(points[^1].Error)} at h = {ShortNumber.Of(points[^1].Step)} and {ShortNumber.Of(points[0].Error)} at h = {ShortNumber.Of(points[0].Step)}; it is smallest at h = {ShortNumber.Of(best.Step)}, with {ShortNumber.Of(best.Error)}.{remark}";
        }
    }
}

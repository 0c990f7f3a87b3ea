#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>Autograd's gradients against central differences, for every single number of any parameters.</summary>
/// <remarks>
/// (f(p + h) − f(p − h)) / 2h. Its truncation error falls as h², its round-off error grows as 1/h, so that in float64
/// the best h is near the cube root of the precision, 6e-6: Press et al., Numerical Recipes, 5.7.
/// </remarks>
public sealed class GradientCheck : RichOutput
{
    private readonly Func<Tensor> loss;
    private readonly List<(string Name, Tensor Tensor)> parameters;
    private readonly RichTable table;

    /// <summary>Checks the gradients.</summary>
    /// <param name="loss">Computes the loss anew from the parameters; a tensor of one number.</param>
    /// <param name="parameters">An object with a property for each parameter, as <c>new { w1, b1 }</c> makes one: float64 leaves that require a gradient.</param>
    /// <param name="step">The h of the differences.</param>
    /// <exception cref="ArgumentException">A parameter is no float64 leaf that requires a gradient.</exception>
    public GradientCheck(Func<Tensor> loss, object parameters, double step = 1e-5)
    {
        this.loss = loss;
        this.parameters = parameters.GetType().GetProperties().Select(property => (property.Name, Parameter(property.Name, property.GetValue(parameters)))).ToList();
        Results = Check(step);
        table = new(
            FormattableString.Invariant($"Autograd and central differences, h = {ShortNumber.Of(step)}"),
            ["parameter", "autograd", "difference quotient", "relative error"],
            Results.Select(result => new RichTable.Row(
                result.Name, [new(PythonNumber.Fixed(result.Autograd, 10)), new(PythonNumber.Fixed(result.Numeric, 10)), new(ShortNumber.Of(result.RelativeError))])).ToList());
    }

    /// <summary>One result for every number of every parameter.</summary>
    public IReadOnlyList<Result> Results { get; }

    /// <summary>The largest relative error for steps from 0.1 down to 1e-13, as a chart.</summary>
    public RichOutput ErrorByStep() => new StepCurve(
        Enumerable.Range(0, 49).Select(i => Math.Pow(10, -13 + i / 4.0)).Select(step => (step, Check(step).Max(result => result.RelativeError))).ToList());

    /// <inheritdoc/>
    public override string ToHtml() => table.ToHtml();

    /// <inheritdoc/>
    public override string ToText() => table.ToText();

    private static Tensor Parameter(string name, object? value) =>
        value is Tensor { dtype: torch.ScalarType.Float64, is_leaf: true, requires_grad: true } tensor
            ? tensor
            : throw new ArgumentException($"{name} is no float64 leaf that requires a gradient. Write {name}.detach().to_type(torch.float64).requires_grad_().");

    private List<Result> Check(double step)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var (_, tensor) in parameters)
        {
            tensor.grad?.zero_();
        }

        loss().sum().backward();
        using var off = torch.no_grad();
        return parameters.SelectMany(parameter =>
        {
            var gradients = parameter.Tensor.grad!.contiguous().data<double>().ToArray();
            var flat = parameter.Tensor.view(-1);
            return gradients.Select((gradient, i) => new Result($"{parameter.Name}[{i}]", gradient, (At(i, step) - At(i, -step)) / (2 * step)));

            double At(long index, double change)
            {
                using var inner = torch.NewDisposeScope();
                var value = flat[index].item<double>();
                flat[index] = value + change;
                var result = loss().sum().item<double>();
                flat[index] = value;
                return result;
            }
        }).ToList();
    }

    /// <summary>What was found for one number.</summary>
    /// <param name="Name">The parameter and the number's place in it, counted through all dimensions.</param>
    /// <param name="Autograd">Its gradient by autograd.</param>
    /// <param name="Numeric">Its gradient by differences.</param>
    public sealed record Result(string Name, double Autograd, double Numeric)
    {
        /// <summary>|a − b| / max(|a|, |b|, 1e-8).</summary>
        public double RelativeError => Math.Abs(Autograd - Numeric) / Math.Max(Math.Max(Math.Abs(Autograd), Math.Abs(Numeric)), 1e-8);
    }

    private sealed class StepCurve(List<(double Step, double Error)> points) : RichOutput
    {
        // The line's colour is named, for where a loss curve on the same page has brought its style sheet.
        public override string ToHtml() => $"<figure style=\"margin:0;max-width:760px;--backprop-line:var(--vscode-charts-blue, color-mix(in srgb, #2563eb 75%, currentColor))\">{Picture()}<figcaption style=\"font-size:13px\">{WebUtility.HtmlEncode(Summary())}</figcaption></figure>";

        public override string ToText() => Summary();

        private string Picture() => new LinePlot(
                "Error of the difference quotient", "step h", "error",
                PlotAxis.Logarithmic(points.Select(point => point.Step)), PlotAxis.Logarithmic(points.Select(point => point.Error)))
            .ToSvg(points, "Line chart, both scales logarithmic. " + Summary());

        private string Summary()
        {
            var best = points.MinBy(point => point.Error);
            return $"The largest relative error is {ShortNumber.Of(points[^1].Error)} at h = {ShortNumber.Of(points[^1].Step)}, least at h = {ShortNumber.Of(best.Step)} with {ShortNumber.Of(best.Error)}, and {ShortNumber.Of(points[0].Error)} at h = {ShortNumber.Of(points[0].Step)}.";
        }
    }
}

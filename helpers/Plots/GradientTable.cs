#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>A table of all parameters with their gradients and their values after one step of gradient descent.</summary>
/// <remarks>If there are more than <see cref="RichTable.MostRows"/> numbers, it shows the first, the last and those with the largest gradients.</remarks>
public sealed class GradientTable : RichOutput
{
    private readonly RichTable table;

    /// <summary>Creates the table from the current values. A later step does not change it.</summary>
    /// <param name="learningRate">The factor of the gradient in the step.</param>
    /// <param name="parameters">The parameters, tensors of any shape, with their names: <c>new { w1, b1 }</c>, <c>module.named_parameters()</c> or another form that <see cref="NamedTensors"/> knows.</param>
    /// <exception cref="ArgumentNullException">The learning rate has no value yet.</exception>
    /// <exception cref="ArgumentException">A parameter is not a tensor, or has no name or no value yet.</exception>
    public GradientTable(Scalar? learningRate, object parameters)
    {
        if (learningRate is null)
        {
            throw new ArgumentNullException(nameof(learningRate), "There is no learning rate yet. Run the cell that sets it first, then this one again.");
        }

        var named = NamedTensors.Of(parameters);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var trained = named.Select(parameter => new Trained(parameter.Name, parameter.Tensor, learningRate)).ToList();
        table = Table(learningRate, trained);
    }

    /// <inheritdoc/>
    public override string ToHtml() => table.ToHtml();

    /// <inheritdoc/>
    public override string ToText() => table.ToText();

    private static RichTable Table(Scalar learningRate, List<Trained> trained)
    {
        var count = trained.Sum(parameter => parameter.Value.Count);
        if (count == 0)
        {
            throw new ArgumentException($"There are no numbers to show in {string.Join(", ", trained.Select(parameter => parameter.Name))}.");
        }

        var choice = RichTable.Choose(count, place => At(place) is var (of, index) && of.Move is { } move ? move.Gradient.Size(index) : 0);
        var shown = choice.Select(At).ToList();
        var moves = shown.Where(place => place.Of.Move is not null).Select(place => (Move: place.Of.Move!, place.Index)).ToList();
        var largest = moves.Select(place => place.Move.Gradient.Size(place.Index)).Where(double.IsFinite).Append(0).Max();
        var value = Form(shown.SelectMany(place => place.Of.Value.Parts(place.Index)));
        var gradient = Form(moves.SelectMany(place => place.Move.Gradient.Parts(place.Index)));
        var step = Form(moves.SelectMany(place => place.Move.Step.Parts(place.Index)));
        // With as many digits as the step, so that a small step is visible.
        var after = Form(moves.SelectMany(place => place.Move.Step.Parts(place.Index).Concat(place.Move.After.Parts(place.Index))));

        return new(
            $"One step of gradient descent, learning rate n = {ShortNumber.Of(learningRate.ToDouble())}. A positive gradient moves its value down, a negative one up.",
            ["parameter", "value", "gradient", "n·grad", "after"],
            count, choice, place => Row(At(place)), "gradients");

        // The parameter that a number belongs to and its index there, given its index in all parameters.
        (Trained Of, int Index) At(int place)
        {
            var i = 0;
            while (place >= trained[i].Value.Count)
            {
                place -= trained[i++].Value.Count;
            }

            return (trained[i], place);
        }

        RichTable.Row Row((Trained Of, int Index) number) => new(
            NamedTensors.At(number.Of.Name, number.Index, number.Of.Shape),
            [new(number.Of.Value.Text(number.Index, value)), .. Cells(number.Of, number.Index)]);

        RichTable.Cell[] Cells(Trained of, int index) => of.Move is not { } move
            ? [new(of.RequiresGradient ? "no gradient yet" : "requires no gradient"), new(""), new("")]
            : [new(Signed(move.Gradient, index, gradient), Shade(move, index)), new(Signed(move.Step, index, step), Shade(move, index)), new(move.After.Text(index, after))];

        double Shade(Move move, int index) => largest == 0 || !double.IsFinite(move.Gradient.Size(index)) ? 0
            : move.Gradient.AreComplex ? move.Gradient.Size(index) / largest
            : move.Gradient[index] / largest;
    }

    // One format for all numbers of a column, so that they align: three significant digits of the smallest, and at least four decimals.
    private static Func<double, string> Form(IEnumerable<double> numbers)
    {
        var sizes = numbers.Select(Math.Abs).Where(size => size > 0 && double.IsFinite(size)).DefaultIfEmpty(1).ToList();
        var digits = Math.Max(4, 2 - (int)Math.Floor(Math.Log10(sizes.Min())));
        return digits <= 10 && sizes.Max() < 1e6 ? number => PythonNumber.Fixed(number, digits) : number => PythonNumber.Scientific(number, 3);
    }

    private static string Signed(TensorNumbers numbers, int index, Func<double, string> form) => (numbers[index] > 0 ? "+" : "") + numbers.Text(index, form);

    private sealed class Trained
    {
        public Trained(string name, Tensor parameter, Scalar learningRate)
        {
            (Name, Shape, Value, RequiresGradient) = (name, parameter.shape, new(parameter), parameter.requires_grad);
            if (parameter.grad is { } gradient)
            {
                // Computed in the precision of the parameter, like the step itself.
                var step = learningRate * gradient;
                Move = new(new(gradient), new(step), new(parameter - step));
            }
        }

        public string Name { get; }

        public long[] Shape { get; }

        public TensorNumbers Value { get; }

        public bool RequiresGradient { get; }

        public Move? Move { get; }
    }

    private sealed record Move(TensorNumbers Gradient, TensorNumbers Step, TensorNumbers After);
}

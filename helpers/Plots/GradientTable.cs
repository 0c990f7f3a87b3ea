#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>Every number that is trained, with its gradient and what one step of gradient descent makes of it.</summary>
public sealed class GradientTable : RichOutput
{
    private readonly RichTable table;

    /// <summary>Takes the parameters and their gradients as they are now; a step that is taken later does not change the table.</summary>
    /// <param name="learningRate">What the gradient is multiplied with before it is subtracted.</param>
    /// <param name="parameters">An object with a property for each parameter, as <c>new { w1, b1 }</c> makes one: dense tensors of any shape.</param>
    /// <exception cref="ArgumentNullException">There is no learning rate yet.</exception>
    /// <exception cref="ArgumentException">A parameter is no tensor, or there is none yet.</exception>
    public GradientTable(Scalar? learningRate, object parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters is Tensor)
        {
            throw new ArgumentException("A parameter needs its name too. Write new { w1, b1 } where the parameters are w1 and b1.", nameof(parameters));
        }

        if (learningRate is null)
        {
            throw new ArgumentNullException(nameof(learningRate), "There is no learning rate yet. Run the cell that sets it first, then this one again.");
        }

        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var numbers = parameters.GetType().GetProperties()
            .SelectMany(property => Trained(property.Name, Parameter(property.Name, property.GetValue(parameters)), learningRate))
            .ToList();
        table = Table(learningRate, numbers);
    }

    /// <inheritdoc/>
    public override string ToHtml() => table.ToHtml();

    /// <inheritdoc/>
    public override string ToText() => table.ToText();

    private static Tensor Parameter(string name, object? value) => value switch
    {
        Tensor tensor => tensor,
        null => throw new ArgumentException($"{name} has no value yet. Run the cell that makes it first, then this one again."),
        _ => throw new ArgumentException($"{name} is no tensor but of type {value.GetType().Name}. Give tensors only."),
    };

    private static IEnumerable<Number> Trained(string name, Tensor parameter, Scalar learningRate)
    {
        var values = Values(parameter);
        if (parameter.grad is not { } gradient)
        {
            return values.Select((value, i) => new Number(name + Place(i, parameter.shape), value, null));
        }

        // Worked out in the parameter's own precision, as the step itself is.
        var step = learningRate * gradient;
        var (gradients, steps, after) = (Values(gradient), Values(step), Values(parameter - step));
        return values.Select((value, i) => new Number(name + Place(i, parameter.shape), value, new(gradients[i], steps[i], after[i])));
    }

    // TorchSharp cannot read out a tensor without elements.
    private static double[] Values(Tensor tensor) =>
        tensor.numel() == 0 ? [] : tensor.detach().to_type(torch.float64).cpu().contiguous().data<double>().ToArray();

    // Where the number with an index stands, as in w1[0, 1]; nothing for a tensor without dimensions.
    private static string Place(long index, long[] shape)
    {
        var place = new long[shape.Length];
        for (var dimension = shape.Length - 1; dimension >= 0; dimension--)
        {
            (index, place[dimension]) = Math.DivRem(index, shape[dimension]);
        }

        return shape.Length == 0 ? "" : $"[{string.Join(", ", place)}]";
    }

    private static RichTable Table(Scalar learningRate, List<Number> numbers)
    {
        var moves = numbers.Select(number => number.Move).OfType<Move>().ToList();
        var largest = moves.Select(move => Math.Abs(move.Gradient)).Where(double.IsFinite).Append(0).Max();
        var value = Form(numbers.Select(number => number.Value));
        var gradient = Form(moves.Select(move => move.Gradient));
        var step = Form(moves.Select(move => move.Step));
        // With as many digits as the step has, or a small step would not show.
        var after = Form(moves.Select(move => move.Step).Concat(moves.Select(move => move.After)));

        return new(
            $"One step of gradient descent, learning rate n = {ShortNumber.Of(learningRate.ToDouble())}. A positive gradient moves its value down, a negative one up.",
            ["parameter", "value", "gradient", "n·grad", "after"],
            numbers.Select(number => new RichTable.Row(number.Name, [new(value(number.Value)), .. Cells(number.Move)])).ToList());

        RichTable.Cell[] Cells(Move? move) => move is null
            ? [new("no gradient yet"), new(""), new("")]
            : [new(Signed(move.Gradient, gradient), Shade(move)), new(Signed(move.Step, step), Shade(move)), new(after(move.After))];

        double Shade(Move move) => double.IsFinite(move.Gradient) && largest > 0 ? move.Gradient / largest : 0;
    }

    // One form for all numbers of a column, so that they stand one below the other: three digits of the smallest, and four after the point at least.
    private static Func<double, string> Form(IEnumerable<double> numbers)
    {
        var sizes = numbers.Select(Math.Abs).Where(size => size > 0 && double.IsFinite(size)).DefaultIfEmpty(1).ToList();
        var digits = Math.Max(4, 2 - (int)Math.Floor(Math.Log10(sizes.Min())));
        return digits <= 10 && sizes.Max() < 1e6 ? number => PythonNumber.Fixed(number, digits) : number => PythonNumber.Scientific(number, 3);
    }

    private static string Signed(double number, Func<double, string> form) => (number > 0 ? "+" : "") + form(number);

    private sealed record Number(string Name, double Value, Move? Move);

    private sealed record Move(double Gradient, double Step, double After);
}

#nullable enable annotations
using System;
using TorchSharp;
using ScalarType = TorchSharp.torch.ScalarType;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>The PyTorch functions that the lesson's cells call, by PyTorch's names.</summary>
public static class Tensors
{
    /// <summary>A tensor of whole numbers, int64 unless a type is given, of as many dimensions as there are brackets.</summary>
    public static Tensor tensor(long[] values, ScalarType? dtype = null, bool requires_grad = false) =>
        Made(values, [values.Length], dtype, requires_grad);

    /// <inheritdoc cref="tensor(long[], ScalarType?, bool)"/>
    /// <exception cref="ArgumentException">The rows differ in length.</exception>
    public static Tensor tensor(long[][] rows, ScalarType? dtype = null, bool requires_grad = false) =>
        Made(InOneRow(rows), [rows.Length, Columns(rows)], dtype, requires_grad);

    /// <summary>A tensor of numbers with a fraction, float32 unless a type is given, of as many dimensions as there are brackets.</summary>
    /// <remarks>Each number is rounded to float32 once, as PyTorch rounds a Python float.</remarks>
    public static Tensor tensor(double[] values, ScalarType? dtype = null, bool requires_grad = false) =>
        Made(values, [values.Length], dtype ?? torch.get_default_dtype(), requires_grad);

    /// <inheritdoc cref="tensor(double[], ScalarType?, bool)"/>
    /// <exception cref="ArgumentException">The rows differ in length.</exception>
    public static Tensor tensor(double[][] rows, ScalarType? dtype = null, bool requires_grad = false) =>
        Made(InOneRow(rows), [rows.Length, Columns(rows)], dtype ?? torch.get_default_dtype(), requires_grad);

    /// <summary>A tensor of truth values.</summary>
    public static Tensor tensor(bool[] values, ScalarType? dtype = null, bool requires_grad = false) =>
        Made(values, [values.Length], dtype, requires_grad);

    /// <summary>A tensor without dimensions that holds a whole number, int64 unless a type is given.</summary>
    public static Tensor tensor(long value, ScalarType? dtype = null, bool requires_grad = false) =>
        Made(new[] { value }, [], dtype, requires_grad);

    /// <summary>A tensor without dimensions that holds a number, float32 unless a type is given.</summary>
    public static Tensor tensor(double value, ScalarType? dtype = null, bool requires_grad = false) =>
        Made(new[] { value }, [], dtype ?? torch.get_default_dtype(), requires_grad);

    /// <summary>A tensor without dimensions that holds a truth value.</summary>
    public static Tensor tensor(bool value, ScalarType? dtype = null, bool requires_grad = false) =>
        Made(new[] { value }, [], dtype, requires_grad);

    /// <summary>A tensor with the shape and the numbers of an array, of the array's type unless another is given.</summary>
    public static Tensor tensor(Array values, ScalarType? dtype = null, bool requires_grad = false)
    {
        var shape = new long[values.Rank];
        for (var i = 0; i < shape.Length; i++)
        {
            shape[i] = values.GetLength(i);
        }

        return Made(values, shape, dtype, requires_grad);
    }

    /// <inheritdoc cref="MatrixProduct.Of"/>
    public static Tensor matmul(Tensor left, Tensor right) => MatrixProduct.Of(left, right);

    /// <summary>max(0, x), for every number.</summary>
    public static Tensor relu(Tensor x) => x.relu();

    /// <summary>1 / (1 + e⁻ˣ), for every number.</summary>
    public static Tensor sigmoid(Tensor x) => x.sigmoid();

    /// <summary>The mean of all numbers, a tensor without dimensions.</summary>
    public static Tensor mean(Tensor x) => x.mean();

    /// <summary>Switches recording for autograd off until the result is disposed.</summary>
    public static IDisposable no_grad() => torch.no_grad();

    // torch.tensor has overloads on Complex, which make a notebook's compiler warn at every call; from_array has none.
    // A leaf has to be made in one step, and its numbers changed in type before.
    private static Tensor Made(Array values, long[] shape, ScalarType? dtype, bool requires_grad)
    {
        using var scope = torch.NewDisposeScope();
        var made = torch.from_array(values);
        if (dtype is { } type)
        {
            made = made.to_type(type);
        }

        return made.reshape(shape).requires_grad_(requires_grad).MoveToOuterDisposeScope();
    }

    private static int Columns<T>(T[][] rows) => rows.Length == 0 ? 0 : rows[0].Length;

    private static T[] InOneRow<T>(T[][] rows)
    {
        var columns = Columns(rows);
        var values = new T[rows.Length * columns];
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i].Length != columns)
            {
                throw new ArgumentException("Row " + i + " has " + rows[i].Length + " numbers, but row 0 has " + columns + ". Give every row the same length.");
            }

            rows[i].CopyTo(values, i * columns);
        }

        return values;
    }
}

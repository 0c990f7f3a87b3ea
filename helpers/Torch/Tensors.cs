#nullable enable annotations
using System;
using TorchSharp;
using ScalarType = TorchSharp.torch.ScalarType;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>The PyTorch functions that the lesson's cells call, under their PyTorch names.</summary>
public static class Tensors
{
    /// <summary>Returns a tensor of integers, int64 unless a dtype is given, with one dimension per level of brackets.</summary>
    public static Tensor tensor(long[] values, ScalarType? dtype = null, bool requires_grad = false) =>
        Create(values, [values.Length], dtype, requires_grad);

    /// <inheritdoc cref="tensor(long[], ScalarType?, bool)"/>
    /// <exception cref="ArgumentException">The rows differ in length.</exception>
    public static Tensor tensor(long[][] rows, ScalarType? dtype = null, bool requires_grad = false) =>
        Create(Flattened(rows), [rows.Length, Columns(rows)], dtype, requires_grad);

    /// <summary>Returns a tensor of floating-point numbers, float32 unless a dtype is given, with one dimension per level of brackets.</summary>
    /// <remarks>Each number is rounded to float32 once, as PyTorch rounds a Python float.</remarks>
    public static Tensor tensor(double[] values, ScalarType? dtype = null, bool requires_grad = false) =>
        Create(values, [values.Length], dtype ?? torch.get_default_dtype(), requires_grad);

    /// <inheritdoc cref="tensor(double[], ScalarType?, bool)"/>
    /// <exception cref="ArgumentException">The rows differ in length.</exception>
    public static Tensor tensor(double[][] rows, ScalarType? dtype = null, bool requires_grad = false) =>
        Create(Flattened(rows), [rows.Length, Columns(rows)], dtype ?? torch.get_default_dtype(), requires_grad);

    /// <summary>Returns a tensor of Booleans.</summary>
    public static Tensor tensor(bool[] values, ScalarType? dtype = null, bool requires_grad = false) =>
        Create(values, [values.Length], dtype, requires_grad);

    /// <summary>Returns a 0-dimensional tensor with an integer, int64 unless a dtype is given.</summary>
    public static Tensor tensor(long value, ScalarType? dtype = null, bool requires_grad = false) =>
        Create(new[] { value }, [], dtype, requires_grad);

    /// <summary>Returns a 0-dimensional tensor with a floating-point number, float32 unless a dtype is given.</summary>
    public static Tensor tensor(double value, ScalarType? dtype = null, bool requires_grad = false) =>
        Create(new[] { value }, [], dtype ?? torch.get_default_dtype(), requires_grad);

    /// <summary>Returns a 0-dimensional tensor with a Boolean.</summary>
    public static Tensor tensor(bool value, ScalarType? dtype = null, bool requires_grad = false) =>
        Create(new[] { value }, [], dtype, requires_grad);

    /// <summary>Returns a tensor with the shape and the numbers of an array, in the array's type unless a dtype is given.</summary>
    public static Tensor tensor(Array values, ScalarType? dtype = null, bool requires_grad = false)
    {
        var shape = new long[values.Rank];
        for (var i = 0; i < shape.Length; i++)
        {
            shape[i] = values.GetLength(i);
        }

        return Create(values, shape, dtype, requires_grad);
    }

    /// <inheritdoc cref="MatrixProduct.Of"/>
    public static Tensor matmul(Tensor left, Tensor right) => MatrixProduct.Of(left, right);

    /// <summary>max(0, x), for every number.</summary>
    public static Tensor relu(Tensor x) => x.relu();

    /// <summary>1 / (1 + e⁻ˣ), for every number.</summary>
    public static Tensor sigmoid(Tensor x) => x.sigmoid();

    /// <summary>Returns the mean of all numbers, a 0-dimensional tensor.</summary>
    public static Tensor mean(Tensor x) => x.mean();

    /// <summary>Disables autograd until the result is disposed.</summary>
    public static IDisposable no_grad() => torch.no_grad();

    // torch.tensor has overloads with Complex, for which .NET Interactive prints warnings at every call; from_array has none.
    // requires_grad_ comes last: only then is the result a leaf.
    private static Tensor Create(Array values, long[] shape, ScalarType? dtype, bool requires_grad)
    {
        using var scope = torch.NewDisposeScope();
        var created = torch.from_array(values);
        if (dtype is { } type)
        {
            created = created.to_type(type);
        }

        return created.reshape(shape).requires_grad_(requires_grad).MoveToOuterDisposeScope();
    }

    private static int Columns<T>(T[][] rows) => rows.Length == 0 ? 0 : rows[0].Length;

    private static T[] Flattened<T>(T[][] rows)
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

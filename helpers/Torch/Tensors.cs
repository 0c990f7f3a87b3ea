#nullable enable annotations
using System;
using System.Linq;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>The PyTorch functions that the lesson's cells call, by PyTorch's names.</summary>
public static class Tensors
{
    /// <summary>A one-dimensional float32 tensor.</summary>
    public static Tensor tensor(float[] values, bool requires_grad = false) => FromArray(values, requires_grad);

    /// <summary>A two-dimensional float32 tensor, shape [rows, columns].</summary>
    public static Tensor tensor(float[,] values, bool requires_grad = false) => FromArray(values, requires_grad);

    /// <summary>A one-dimensional float32 tensor of numbers written as double, each rounded to float32 as PyTorch rounds a Python float.</summary>
    public static Tensor tensor(double[] values, bool requires_grad = false) => FromArray(Rounded(values), requires_grad);

    /// <summary>A two-dimensional float32 tensor of rows written as double, shape [rows, columns], each number rounded to float32.</summary>
    /// <exception cref="ArgumentException">The rows differ in length.</exception>
    public static Tensor tensor(double[][] rows, bool requires_grad = false)
    {
        var columns = rows.Length == 0 ? 0 : rows[0].Length;
        var values = new float[rows.Length, columns];
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i].Length != columns)
            {
                throw new ArgumentException($"Row {i} has {rows[i].Length} numbers, but row 0 has {columns}. Give every row the same length.", nameof(rows));
            }

            for (var j = 0; j < columns; j++)
            {
                values[i, j] = (float)rows[i][j];
            }
        }

        return FromArray(values, requires_grad);
    }

    /// <summary>The matrix product; a vector counts as a matrix of one row on the left, of one column on the right.</summary>
    public static Tensor matmul(Tensor left, Tensor right) => torch.matmul(left, right);

    /// <summary>max(0, x), for every number.</summary>
    public static Tensor relu(Tensor x) => x.relu();

    /// <summary>1 / (1 + e⁻ˣ), for every number.</summary>
    public static Tensor sigmoid(Tensor x) => x.sigmoid();

    /// <summary>The mean of all numbers, a tensor without dimensions.</summary>
    public static Tensor mean(Tensor x) => x.mean();

    /// <summary>Switches recording for autograd off until the result is disposed.</summary>
    public static IDisposable no_grad() => torch.no_grad();

    private static float[] Rounded(double[] values) => values.Select(value => (float)value).ToArray();

    // torch.tensor has overloads on Complex, which make a notebook's compiler warn at every call; from_array has none.
    private static Tensor FromArray(Array values, bool requires_grad) =>
        torch.from_array(values, torch.float32, null, requires_grad);
}

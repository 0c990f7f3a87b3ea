#nullable enable annotations
using System;
using System.Collections.Generic;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>The elements of a tensor of any dtype, shape and memory layout, in order.</summary>
public sealed class TensorNumbers
{
    private readonly double[] real;
    private readonly double[]? imaginary;

    /// <summary>Copies the elements.</summary>
    /// <param name="tensor">The tensor. In a sparse tensor, zeros count as elements.</param>
    public TensorNumbers(Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        var dense = tensor.is_sparse ? tensor.to_dense() : tensor.detach();
        var isComplex = dense.is_complex();
        real = Copy(isComplex ? dense.real : dense);
        imaginary = isComplex ? Copy(dense.imag) : null;
    }

    /// <summary>The number of elements.</summary>
    public int Count => real.Length;

    /// <summary>Whether the elements are complex.</summary>
    public bool AreComplex => imaginary is not null;

    /// <summary>An element, or its real part if it is complex.</summary>
    public double this[int index] => real[index];

    /// <summary>Returns the absolute value of an element.</summary>
    public double Size(int index) => imaginary is null ? Math.Abs(real[index]) : Math.Sqrt(real[index] * real[index] + imaginary[index] * imaginary[index]);

    /// <summary>Returns an element, or both parts of a complex one.</summary>
    public IEnumerable<double> Parts(int index) => imaginary is null ? [real[index]] : [real[index], imaginary[index]];

    /// <summary>Formats an element: <c>0.5000</c>, <c>0.5000-1.0000j</c>.</summary>
    /// <param name="index">The index of the element.</param>
    /// <param name="format">Formats a real number.</param>
    public string Text(int index, Func<double, string> format)
    {
        if (imaginary is null)
        {
            return format(real[index]);
        }

        var second = format(imaginary[index]);
        return format(real[index]) + (second.StartsWith('-') ? "" : "+") + second + "j";
    }

    // TorchSharp cannot read the data of a tensor without elements.
    private static double[] Copy(Tensor tensor) =>
        tensor.numel() == 0 ? [] : tensor.resolve_neg().to_type(torch.float64).cpu().contiguous().data<double>().ToArray();
}

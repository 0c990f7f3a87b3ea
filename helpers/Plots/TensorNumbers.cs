#nullable enable annotations
using System;
using System.Collections.Generic;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>The numbers of a tensor of any type, shape and memory layout, in order; complex ones whole.</summary>
public sealed class TensorNumbers
{
    private readonly double[] real;
    private readonly double[]? imaginary;

    /// <summary>Copies the numbers.</summary>
    /// <param name="tensor">The tensor; a sparse one counts with its zeros.</param>
    public TensorNumbers(Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        var dense = tensor.is_sparse ? tensor.to_dense() : tensor.detach();
        var isComplex = dense.is_complex();
        real = Copy(isComplex ? dense.real : dense);
        imaginary = isComplex ? Copy(dense.imag) : null;
    }

    /// <summary>How many there are.</summary>
    public int Count => real.Length;

    /// <summary>Whether they are complex.</summary>
    public bool AreComplex => imaginary is not null;

    /// <summary>A number; of a complex one its real part.</summary>
    public double this[int index] => real[index];

    /// <summary>Returns a number's absolute value.</summary>
    public double Size(int index) => imaginary is null ? Math.Abs(real[index]) : Math.Sqrt(real[index] * real[index] + imaginary[index] * imaginary[index]);

    /// <summary>Returns a number, or the two parts of a complex one.</summary>
    public IEnumerable<double> Parts(int index) => imaginary is null ? [real[index]] : [real[index], imaginary[index]];

    /// <summary>Returns a number as text: <c>0.5000</c>, <c>0.5000-1.0000j</c>.</summary>
    /// <param name="index">The number's place.</param>
    /// <param name="form">Writes a real number.</param>
    public string Text(int index, Func<double, string> form)
    {
        if (imaginary is null)
        {
            return form(real[index]);
        }

        var second = form(imaginary[index]);
        return form(real[index]) + (second.StartsWith('-') ? "" : "+") + second + "j";
    }

    // TorchSharp cannot read out a tensor without elements.
    private static double[] Copy(Tensor tensor) =>
        tensor.numel() == 0 ? [] : tensor.resolve_neg().to_type(torch.float64).cpu().contiguous().data<double>().ToArray();
}

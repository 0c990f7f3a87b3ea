#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>The elements of a tensor as text, all in the format and width that PyTorch chooses.</summary>
/// <remarks>Source: the class <c>_Formatter</c> of https://github.com/pytorch/pytorch/blob/v1.13.0/torch/_tensor_str.py.</remarks>
public sealed class ElementText
{
    private const int Digits = 4;
    private const double WidestRatio = 1000;
    private const double Largest = 1e8;
    private const double Smallest = 1e-4;

    private readonly IReadOnlyList<string> texts;

    /// <summary>Formats the elements of a dense tensor.</summary>
    public ElementText(Tensor tensor)
    {
        if (tensor.is_complex())
        {
            var real = new ElementText(tensor.real);
            var imaginary = new ElementText(tensor.imag);
            texts = real.texts.Zip(imaginary.texts, Complex).ToList();
            Width = real.Width + imaginary.Width + 1;
            return;
        }

        texts = tensor.is_floating_point() ? Floats(tensor.resolve_neg().to_type(torch.float64).contiguous().data<double>().ToArray())
            : tensor.dtype == torch.@bool ? tensor.contiguous().data<bool>().ToArray().Select(value => value ? "True" : "False").ToList()
            : tensor.to_type(torch.int64).contiguous().data<long>().ToArray().Select(value => value.ToString(CultureInfo.InvariantCulture)).ToList();
        Width = tensor.is_floating_point() ? Width : texts.Max(text => text.Length);
        texts = texts.Select(text => text.PadLeft(Width)).ToList();
    }

    /// <summary>The width in characters. nan and inf may take more.</summary>
    public int Width { get; private set; } = 1;

    /// <summary>The text of an element, by its index in the flattened tensor.</summary>
    public string this[int index] => texts[index];

    private static string Complex(string real, string imaginary)
    {
        imaginary = imaginary.TrimStart();
        return real + (imaginary[0] is '+' or '-' ? "" : "+") + imaginary + "j";
    }

    // The format and the width depend only on the finite numbers other than zero.
    private List<string> Floats(double[] values)
    {
        var relevant = values.Where(value => double.IsFinite(value) && value != 0).ToList();
        var format = FormatOf(relevant);
        Width = relevant.Select(value => format(value).Length).Append(Width).Max();
        return values.Select(format).ToList();
    }

    private static Func<double, string> FormatOf(IReadOnlyCollection<double> values)
    {
        var largest = values.Select(Math.Abs).DefaultIfEmpty(1).Max();
        var smallest = values.Select(Math.Abs).DefaultIfEmpty(1).Min();
        var areIntegers = values.All(value => value == Math.Ceiling(value));
        if (largest / smallest > WidestRatio || largest > Largest || (!areIntegers && smallest < Smallest))
        {
            return value => PythonNumber.Scientific(value, Digits);
        }

        return areIntegers
            ? value => PythonNumber.Fixed(value, 0) + (double.IsFinite(value) ? "." : "")
            : value => PythonNumber.Fixed(value, Digits);
    }
}

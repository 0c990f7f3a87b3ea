#nullable enable annotations
using System;
using System.Text.RegularExpressions;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>Formats tensors as a short line of text for the picture of a graph.</summary>
public static class TensorLine
{
    private const int Few = 8;
    private const int Short = 48;

    /// <summary>Returns the numbers of a small tensor as PyTorch prints them; null if the line would be long.</summary>
    public static string? Numbers(Tensor tensor)
    {
        if (tensor.numel() > Few || tensor.is_sparse)
        {
            return null;
        }

        using var scope = torch.NewDisposeScope();
        var text = TensorText.repr(tensor.detach().clone())[7..^1];
        var remarks = Regex.Match(text, @",\s+(dtype|size)=");
        var line = Regex.Replace(remarks.Success ? text[..remarks.Index] : text, @"\s+", " ");
        return line.Length <= Short ? line : null;
    }

    /// <summary>Returns the count of the numbers and the largest absolute value.</summary>
    public static string Largest(Tensor tensor)
    {
        var numbers = new TensorNumbers(tensor);
        var largest = 0.0;
        for (var i = 0; i < numbers.Count; i++)
        {
            largest = Math.Max(largest, numbers.Size(i));
        }

        return FormattableString.Invariant($"of {numbers.Count} numbers up to ±{ShortNumber.Of(largest)}");
    }
}

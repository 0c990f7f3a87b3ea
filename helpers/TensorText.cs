#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>Tensors as PyTorch prints them.</summary>
/// <remarks>The algorithm is that of PyTorch 1.13, https://github.com/pytorch/pytorch/blob/v1.13.0/torch/_tensor_str.py, at its default settings.</remarks>
public static class TensorText
{
    private const string Prefix = "tensor(";
    private const int LineWidth = 80;
    private const int Threshold = 1000;
    private const int EdgeItems = 3;

    /// <summary>The text of <c>repr(tensor)</c> in PyTorch.</summary>
    /// <exception cref="NotSupportedException">The tensor is sparse, quantized, or not on the CPU.</exception>
    /// <exception cref="InvalidOperationException">The tensor is disposed.</exception>
    public static string repr(Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        if (tensor.is_sparse || tensor.is_quantized() || tensor.device_type != DeviceType.CPU)
        {
            throw new NotSupportedException("Only dense tensors on the CPU are printed. Use to_dense(), dequantize() or cpu() first.");
        }

        var contents = tensor.numel() == 0 ? "[]" : Contents(tensor.detach());
        return WithSuffixes(Prefix + contents, Suffixes(tensor));
    }

    /// <summary>The same text as HTML, for hosts that prefer it; TorchSharp brings a form of its own otherwise.</summary>
    /// <exception cref="NotSupportedException">As for <see cref="repr"/>.</exception>
    public static string ToHtml(Tensor tensor) => $"<pre>{WebUtility.HtmlEncode(repr(tensor))}</pre>";

    private static IEnumerable<string> Suffixes(Tensor tensor)
    {
        if (tensor.numel() == 0)
        {
            if (tensor.dim() != 1)
            {
                yield return $"size={Python.repr(tensor.shape.Select(size => (object)size), "(", ")")}";
            }

            if (tensor.dtype != torch.float32)
            {
                yield return $"dtype={NameOf(tensor.dtype)}";
            }
        }
        else if (tensor.dtype is not (torch.ScalarType.Float32 or torch.ScalarType.ComplexFloat32 or torch.ScalarType.Int64 or torch.ScalarType.Bool))
        {
            yield return $"dtype={NameOf(tensor.dtype)}";
        }

        if (GradFn.Of(tensor) is { } gradFn)
        {
            yield return $"grad_fn={gradFn}";
        }
        else if (tensor.requires_grad && tensor.is_leaf)
        {
            yield return "requires_grad=True";
        }
    }

    private static string WithSuffixes(string text, IEnumerable<string> suffixes)
    {
        var lastLine = text.Length - text.LastIndexOf('\n') + 1;
        foreach (var suffix in suffixes)
        {
            var folds = lastLine + suffix.Length + 2 > LineWidth;
            text += (folds ? ",\n" + new string(' ', Prefix.Length) : ", ") + suffix;
            lastLine = folds ? Prefix.Length + suffix.Length : lastLine + suffix.Length + 2;
        }

        return text + ")";
    }

    private static string Contents(Tensor tensor)
    {
        var summarize = tensor.numel() > Threshold;
        var shown = summarize ? Edges(tensor) : tensor;
        var elements = new ElementText(shown);
        var next = 0;
        return Block(0, Prefix.Length);

        // One dimension of the tensor, its elements taken in order.
        string Block(int dimension, int indent)
        {
            if (dimension == shown.dim())
            {
                return elements[next++];
            }

            var isInnermost = dimension == shown.dim() - 1;
            var parts = Enumerable.Range(0, (int)shown.shape[dimension]).Select(_ => Block(dimension + 1, indent + 1)).ToList();
            if (summarize && tensor.shape[dimension] > 2 * EdgeItems)
            {
                parts.Insert(EdgeItems, isInnermost ? " ..." : "...");
            }

            var newLine = "," + new string('\n', isInnermost ? 1 : (int)shown.dim() - dimension - 1) + new string(' ', indent + 1);
            var lines = isInnermost
                ? parts.Chunk(Math.Max(1, (LineWidth - indent) / (elements.Width + 2))).Select(line => string.Join(", ", line))
                : parts;
            return "[" + string.Join(newLine, lines) + "]";
        }
    }

    // The first and the last elements along every long dimension.
    private static Tensor Edges(Tensor tensor)
    {
        for (var dimension = 0; dimension < tensor.dim(); dimension++)
        {
            var size = tensor.shape[dimension];
            if (size > 2 * EdgeItems)
            {
                tensor = torch.cat(new[] { tensor.narrow(dimension, 0, EdgeItems), tensor.narrow(dimension, size - EdgeItems, EdgeItems) }, dimension);
            }
        }

        return tensor;
    }

    private static string NameOf(torch.ScalarType type) => type switch
    {
        torch.ScalarType.Byte => "torch.uint8",
        torch.ScalarType.ComplexFloat32 => "torch.complex64",
        torch.ScalarType.ComplexFloat64 => "torch.complex128",
        _ => "torch." + type.ToString().ToLowerInvariant(),
    };
}

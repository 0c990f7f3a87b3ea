#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using TorchSharp;
using Parameter = TorchSharp.Modules.Parameter;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>Formats tensors as PyTorch does.</summary>
/// <remarks>The algorithm is PyTorch 1.13's, https://github.com/pytorch/pytorch/blob/v1.13.0/torch/_tensor_str.py, with default settings.</remarks>
public static class TensorText
{
    private const string Prefix = "tensor(";
    private const int LineWidth = 80;
    private const int Threshold = 1000;
    private const int EdgeItems = 3;

    /// <summary>Returns PyTorch's <c>repr(tensor)</c>.</summary>
    /// <exception cref="ArgumentNullException">The tensor is null, for which <see cref="Python.repr(object?)"/> returns <c>None</c>.</exception>
    /// <exception cref="NotSupportedException">The tensor is sparse, quantized, or not on the CPU.</exception>
    /// <exception cref="InvalidOperationException">The tensor is disposed.</exception>
    public static string repr(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        if (Obstacle(tensor) is { } obstacle)
        {
            throw new NotSupportedException($"Only dense tensors on the CPU are printed. {obstacle}");
        }

        var contents = tensor.numel() == 0 ? "[]" : Contents(tensor.detach());
        var heading = tensor is Parameter ? "Parameter containing:\n" : "";
        return heading + WithSuffixes(Prefix + contents, Suffixes(tensor));
    }

    /// <summary>Returns the same text as HTML, for hosts that prefer it.</summary>
    /// <exception cref="NotSupportedException">As for <see cref="repr"/>.</exception>
    public static string ToHtml(Tensor tensor) => $"<pre>{WebUtility.HtmlEncode(repr(tensor))}</pre>";

    private static string? Obstacle(Tensor tensor) =>
        tensor.device_type == DeviceType.META ? "This one, on the meta device, has no numbers; print its shape."
        : tensor.is_sparse ? "This one is sparse; use to_dense() first."
        : tensor.is_quantized() ? "This one is quantized; use dequantize() first."
        : tensor.device_type != DeviceType.CPU ? $"This one is on {tensor.device}; use cpu() first."
        : null;

    private static IEnumerable<string> Suffixes(Tensor tensor)
    {
        if (tensor.numel() == 0)
        {
            if (tensor.dim() != 1)
            {
                yield return $"size={Python.repr(tensor.shape.Select(size => (object)size), "(", ")")}";
            }

            if (tensor.dtype != torch.get_default_dtype())
            {
                yield return $"dtype={NameOf(tensor.dtype)}";
            }
        }
        else if (!IsImplied(tensor.dtype))
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

    // Whether PyTorch omits the dtype when the tensor has elements.
    private static bool IsImplied(torch.ScalarType type)
    {
        var usual = torch.get_default_dtype();
        var usualComplex = usual == torch.float64 ? torch.complex128 : torch.complex64;
        return type == usual || type == usualComplex || type == torch.int64 || type == torch.@bool;
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

        // Formats one dimension of the tensor, taking the elements in order.
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

    // The first and last elements along every long dimension, longest first to copy as little as possible.
    private static Tensor Edges(Tensor tensor)
    {
        var shape = tensor.shape;
        foreach (var dimension in Enumerable.Range(0, shape.Length).OrderByDescending(dimension => shape[dimension]))
        {
            var size = shape[dimension];
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

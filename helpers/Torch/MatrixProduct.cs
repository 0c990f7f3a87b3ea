#nullable enable annotations
using System;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>PyTorch's <c>matmul</c>, with PyTorch's errors.</summary>
/// <remarks>
/// TorchSharp 0.107.0 lets libtorch's error out of a few of its native calls, and an error that nobody catches ends the process, in a
/// <c>try</c> too. Of those in everyday use the lesson reaches one, <c>THSTensor_matmul</c>, behind <c>torch.matmul</c> and
/// <c>Tensor.matmul</c>. Others (functions without <c>CATCH</c> in its src/Native/LibTorchSharp): <c>torch.autograd.grad</c> of a tensor
/// that the output does not depend on, <c>cummax</c> and <c>cummin</c> of a dimension that is not there, <c>Scalar.ToInt32()</c> and its
/// like for a number that does not fit, <c>storage()</c> of a sparse tensor, <c>torch.set_num_threads</c> of less than 1.
/// </remarks>
public static class MatrixProduct
{
    /// <summary>
    /// The matrix product of tensors with one dimension or more: a vector counts as one row on the left and as one column on the right,
    /// and of more than two dimensions all but the last two are batches, which are broadcast.
    /// </summary>
    /// <exception cref="InvalidOperationException">The shapes or types do not fit; the message is libtorch's.</exception>
    public static Tensor Of(Tensor left, Tensor right)
    {
        // Numbers of one of the two usual types, and shapes that fit, are what torch.matmul cannot fail for.
        var type = left.dtype;
        var isUsual = (type == torch.float32 || type == torch.float64) && right.dtype == type && !left.is_sparse && !right.is_sparse
            && left.device_type == DeviceType.CPU && right.device_type == DeviceType.CPU;
        if (isUsual && Fit(left.shape, right.shape))
        {
            return torch.matmul(left, right);
        }

        try
        {
            return ByCaughtCalls(left, right);
        }
        catch (System.Runtime.InteropServices.ExternalException e)
        {
            throw new InvalidOperationException(e.Message.Split('\n')[0]);
        }
    }

    private static bool Fit(long[] left, long[] right)
    {
        if (left.Length == 0 || right.Length == 0 || left[left.Length - 1] != right[Math.Max(0, right.Length - 2)])
        {
            return false;
        }

        for (int i = left.Length - 3, j = right.Length - 3; i >= 0 && j >= 0; i--, j--)
        {
            if (left[i] != right[j] && left[i] != 1 && right[j] != 1)
            {
                return false;
            }
        }

        return true;
    }

    // What torch.matmul does, by calls whose errors TorchSharp catches.
    private static Tensor ByCaughtCalls(Tensor left, Tensor right)
    {
        var (rows, columns) = (left.dim(), right.dim());
        if (rows == 0 || columns == 0)
        {
            throw new InvalidOperationException("both arguments to matmul need to be at least 1D, but they are " + rows + "D and " + columns + "D");
        }

        if (columns > 2)
        {
            return rows > 2 ? Batched(left, right) : rows == 2 ? Folded(right.mT, left.t()).mT : Folded(right.mT, left);
        }

        if (rows > 2)
        {
            return Folded(left, right);
        }

        // TorchSharp checks this in words of its own.
        if (rows == 1 && columns == 1 && left.numel() != right.numel())
        {
            var (l, r) = (left.numel(), right.numel());
            throw new InvalidOperationException(
                "inconsistent tensor size, expected tensor [" + l + "] and src [" + r + "] to have the same number of elements, but got " + l + " and " + r + " elements respectively");
        }

        return rows == 1 && columns == 1 ? left.dot(right)
            : rows == 1 ? left.unsqueeze(0).mm(right).squeeze(0)
            : columns == 1 ? left.mv(right)
            : left.mm(right);
    }

    // The batches of one side as further rows of one matrix.
    private static Tensor Folded(Tensor batches, Tensor other)
    {
        var shape = batches.shape;
        var rows = batches.reshape(-1, shape[^1]);
        return other.dim() == 1 ? rows.mv(other).reshape(shape[..^1]) : rows.mm(other).reshape([.. shape[..^1], other.shape[1]]);
    }

    private static Tensor Batched(Tensor left, Tensor right)
    {
        var (a, b) = (left.shape, right.shape);
        using var zeros = torch.zeros(a[..^2]) + torch.zeros(b[..^2]);
        var batch = zeros.shape;
        var product = left.expand([.. batch, .. a[^2..]]).reshape([-1, .. a[^2..]]).bmm(right.expand([.. batch, .. b[^2..]]).reshape([-1, .. b[^2..]]));
        return product.reshape([.. batch, a[^2], b[^1]]);
    }
}

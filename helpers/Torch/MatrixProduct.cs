#nullable enable annotations
using System;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>PyTorch's <c>matmul</c>, with PyTorch's errors.</summary>
/// <remarks>
/// A few native functions of TorchSharp 0.107.0 do not catch libtorch's exceptions, and an uncaught one ends the process, even inside
/// <c>try</c>. The lesson uses only one of them, <c>THSTensor_matmul</c>, behind <c>torch.matmul</c> and <c>Tensor.matmul</c>. Others
/// (functions without <c>CATCH</c> in its src/Native/LibTorchSharp) are <c>torch.autograd.grad</c> of a tensor that the output does not
/// depend on, <c>cummax</c> and <c>cummin</c> along a dimension that does not exist, <c>Scalar.ToInt32()</c> and the like for a number
/// out of range, <c>storage()</c> of a sparse tensor, and <c>torch.set_num_threads</c> with less than 1.
/// </remarks>
public static class MatrixProduct
{
    /// <summary>
    /// Returns the matrix product of tensors with at least one dimension. A vector is a row on the left and a column on the right.
    /// Dimensions before the last two are batch dimensions, which are broadcast.
    /// </summary>
    /// <exception cref="InvalidOperationException">The shapes or dtypes do not match. The message is libtorch's.</exception>
    public static Tensor Of(Tensor left, Tensor right)
    {
        // With these dtypes and matching shapes torch.matmul cannot fail.
        var type = left.dtype;
        var isUsual = (type == torch.float32 || type == torch.float64) && right.dtype == type && !left.is_sparse && !right.is_sparse
            && left.device_type == DeviceType.CPU && right.device_type == DeviceType.CPU;
        if (isUsual && Fit(left, right))
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

    // Asks for one size at a time: two Tensor.shape would add a third to the time of a small product.
    private static bool Fit(Tensor left, Tensor right)
    {
        int rows = (int)left.dim(), columns = (int)right.dim();
        if (rows == 0 || columns == 0 || left.size(-1) != right.size(columns == 1 ? 0 : -2))
        {
            return false;
        }

        for (int i = rows - 3, j = columns - 3; i >= 0 && j >= 0; i--, j--)
        {
            if (left.size(i) != right.size(j) && left.size(i) != 1 && right.size(j) != 1)
            {
                return false;
            }
        }

        return true;
    }

    // The algorithm of torch.matmul, with functions whose errors TorchSharp catches.
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

        // TorchSharp's own check has another message.
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

    // Folds the batch dimensions of one side into the rows of a single matrix.
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

#nullable enable
using System;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>The PyTorch names that the lesson's cells use, so that they read as the original does.</summary>
public static class Tensors
{
    /// <summary>A one-dimensional float32 tensor of the given values.</summary>
    public static Tensor tensor(float[] values, bool requires_grad = false) => FromArray(values, requires_grad);

    /// <summary>A two-dimensional float32 tensor of the given values, shape [rows, columns].</summary>
    public static Tensor tensor(float[,] values, bool requires_grad = false) => FromArray(values, requires_grad);

    // torch.tensor has overloads on Complex, which make a notebook's compiler warn at every call; from_array has none.
    private static Tensor FromArray(Array values, bool requires_grad) =>
        torch.from_array(values, torch.float32, null, requires_grad);
}

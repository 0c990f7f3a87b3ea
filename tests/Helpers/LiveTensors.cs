using Tensor = TorchSharp.torch.Tensor;

namespace Backprop.Tests;

/// <summary>Counts tensors in tests that nothing is left undisposed.</summary>
internal static class LiveTensors
{
    /// <summary>Returns <see cref="Tensor.TotalCount"/> once the tensors that earlier tests left have been freed, so that it only changes by what the caller does.</summary>
    public static long CountWithoutGarbage()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}

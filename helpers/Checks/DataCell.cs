#nullable enable annotations
using System;
using System.Runtime.CompilerServices;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>Checks that the lesson's data cell has run.</summary>
public static class DataCell
{
    /// <summary>Throws an exception that says which cell to run if the data cell has not run.</summary>
    /// <param name="x">The samples.</param>
    /// <param name="y">The targets.</param>
    /// <param name="nameOfX">The name of the samples, filled in by the compiler.</param>
    /// <param name="nameOfY">The name of the targets, filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">One of the two has no value yet.</exception>
    public static void MustHaveRun(Tensor? x, Tensor? y, [CallerArgumentExpression(nameof(x))] string nameOfX = "x", [CallerArgumentExpression(nameof(y))] string nameOfY = "y")
    {
        if (x is null || y is null)
        {
            throw new InvalidOperationException($"{(x is null ? nameOfX : nameOfY)} has no value yet. Run the data cell first (under the heading \"The data: x-or\"), then this one again.");
        }
    }
}

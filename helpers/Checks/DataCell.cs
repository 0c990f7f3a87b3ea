#nullable enable annotations
using System;
using System.Runtime.CompilerServices;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>Whether the lesson's data are there.</summary>
public static class DataCell
{
    /// <summary>Does nothing once the data cell has run; says before that which cell to run.</summary>
    /// <param name="x">The samples.</param>
    /// <param name="y">Their answers.</param>
    /// <param name="nameOfX">What the samples are called; the compiler fills it in.</param>
    /// <param name="nameOfY">What the answers are called; the compiler fills it in.</param>
    /// <exception cref="InvalidOperationException">One of the two has no value yet.</exception>
    public static void MustHaveRun(Tensor? x, Tensor? y, [CallerArgumentExpression(nameof(x))] string nameOfX = "x", [CallerArgumentExpression(nameof(y))] string nameOfY = "y")
    {
        if (x is null || y is null)
        {
            throw new InvalidOperationException($"{(x is null ? nameOfX : nameOfY)} has no value yet. Run the data cell first, below the heading \"The data: x-or\", then this one again.");
        }
    }
}

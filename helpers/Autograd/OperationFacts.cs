#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>The known inputs, result and gradient of an operation, all in float64.</summary>
/// <param name="Inputs">Its inputs, in order.</param>
/// <param name="Result">Its result.</param>
/// <param name="Arrived">The gradient that arrived at its result.</param>
public sealed record OperationFacts(IReadOnlyList<Tensor?> Inputs, Tensor? Result, Tensor? Arrived = null)
{
    /// <summary>The incoming gradient, for a step of the backward pass.</summary>
    /// <exception cref="InvalidOperationException">No gradient arrived.</exception>
    public Tensor Gradient => Arrived ?? throw new InvalidOperationException("No gradient arrived.");

    /// <summary>Returns an input; null if it is not known.</summary>
    public Tensor? Input(int place) => place < Inputs.Count ? Inputs[place] : null;

    /// <summary>Returns a formula of both inputs; null if one is not known.</summary>
    public OperationRule.Formula? Both(Func<Tensor, Tensor, OperationRule.Formula?> make) => Input(0) is { } a && Input(1) is { } b ? make(a, b) : null;

    /// <summary>Returns a formula of both inputs; null if one is not known or their shapes differ.</summary>
    public OperationRule.Formula? Alike(Func<Tensor, Tensor, OperationRule.Formula?> make) => Both((a, b) => a.shape.SequenceEqual(b.shape) && a.numel() > 0 ? make(a, b) : null);

    /// <summary>Returns a formula of two inputs that are matrices; null if one is not known or they cannot be multiplied.</summary>
    public OperationRule.Formula? Product(int left, int right, Func<Tensor, Tensor, OperationRule.Formula?> make) =>
        Input(left) is { } a && Input(right) is { } b && a.dim() == 2 && b.dim() == 2 && a.shape[1] == b.shape[0] ? make(a, b) : null;

    /// <summary>Returns an elementwise formula of both inputs; null if one is not known or the shapes cannot be broadcast.</summary>
    public OperationRule.Formula? Elementwise(Func<Tensor, Tensor, OperationRule.Formula?> make) => Both((a, b) => Fit(a, b) ? make(a, b) : null);

    /// <summary>Returns a formula of the only input and the result; null if one is not known.</summary>
    public OperationRule.Formula? Known(Func<Tensor, Tensor, OperationRule.Formula?> make) => Input(0) is { } x && Result is { } result ? make(x, result) : null;

    /// <summary>Returns the gradient for an input that may have been broadcast: its shares along a broadcast dimension are added.</summary>
    public OperationRule.Formula? Spread(int place, Tensor gradient, Func<Func<Tensor, string>, string> write)
    {
        if (Input(place) is not { } x)
        {
            return null;
        }

        if (x.shape.SequenceEqual(gradient.shape))
        {
            return new(gradient, write);
        }

        var sum = gradient;
        while (sum.dim() > x.dim())
        {
            sum = sum.sum(0L);
        }

        for (var dimension = 0; dimension < x.dim(); dimension++)
        {
            sum = x.shape[dimension] == 1 && sum.shape[dimension] > 1 ? sum.sum(dimension, keepdim: true) : sum;
        }

        return new(sum, n => $"sum of {write(n)}", PerNumber: false);
    }

    /// <summary>Returns whether two shapes can be broadcast.</summary>
    public static bool Fit(Tensor a, Tensor b)
    {
        for (var i = 1; i <= Math.Min(a.dim(), b.dim()); i++)
        {
            var (one, other) = (a.shape[^i], b.shape[^i]);
            if (one != other && one != 1 && other != 1)
            {
                return false;
            }
        }

        return true;
    }
}

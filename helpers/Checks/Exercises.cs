#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static Tensors;

/// <summary>The checks of the lesson's exercises. Each says "Right." or what is wrong, in numbers.</summary>
public static class Exercises
{
    /// <summary>Whether a function is the slope of the sigmoid, written in terms of the sigmoid's own value s.</summary>
    public static string CheckSigmoidSlope(Func<double, double> slope)
    {
        foreach (var z in new[] { 0.0, 1.0, -2.0 })
        {
            var s = 1 / (1 + Math.Exp(-z));
            const double h = 1e-5;
            var expected = (1 / (1 + Math.Exp(-z - h)) - 1 / (1 + Math.Exp(-z + h))) / (2 * h);
            var given = slope(s);
            if (!(Math.Abs(given - expected) < 1e-6))
            {
                return FormattableString.Invariant($"Not yet: where the sigmoid is {s:0.0000}, it rises by {expected:0.0000} for each 1 of z, and your function says {PythonNumber.Fixed(given, 4)}.");
            }
        }

        return "Right.";
    }

    /// <summary>Whether a function gives the gradient of the loss (y - o2)² by w2.</summary>
    /// <param name="gradient">Takes the hidden values, shape [2], the answer o2 and the wanted answer y; gives two numbers.</param>
    public static string CheckGradientOfW2(Func<float[], float, float, float[]> gradient)
    {
        using var scope = torch.NewDisposeScope();
        var hidden = tensor([0.2f, 0.5f]);
        var w2 = tensor([[0.1], [-0.4]], requires_grad: true);
        var output = sigmoid(matmul(hidden, w2));
        const float wanted = 1;
        (wanted - output).pow(2).backward();
        var expected = w2.grad!.data<float>().ToArray();
        var (h, o) = (hidden.data<float>().ToArray(), output.item<float>());
        var given = gradient(h, o, wanted);
        if (given.Length != expected.Length)
        {
            return $"Not yet: w2 has {expected.Length} numbers, and your function gives {given.Length}.";
        }

        return Same(given, expected) ? "Right."
            : Same(given.Select(value => -value), expected) ? "Not yet: the sign is the wrong way round. The loss is (y - o2)², and o2 stands behind the minus."
            : Same(given.Select(value => 2 * value), expected) ? "Not yet: a factor of 2 is missing. The square has a slope, too."
            : Same(given.Select(value => value * o * (1 - o)), expected) ? "Not yet: the slope of the sigmoid is missing, o2 · (1 - o2)."
            : FormattableString.Invariant($"Not yet: autograd says [{expected[0]:0.0000}, {expected[1]:0.0000}], and your function [{PythonNumber.Fixed(given[0], 4)}, {PythonNumber.Fixed(given[1], 4)}].");
    }

    /// <summary>Whether a function takes a step with momentum 0.9: the velocity becomes 0.9 · velocity + gradient, and the value loses n · velocity.</summary>
    /// <param name="step">Takes value, gradient, velocity and n; gives the new value and the new velocity.</param>
    public static string CheckMomentum(Func<double, double, double, double, (double Value, double Velocity)> step)
    {
        var (value, velocity) = (1.0, 0.0);
        var (rightValue, rightVelocity) = (1.0, 0.0);
        for (var i = 1; i <= 3; i++)
        {
            const double gradient = 0.5;
            const double n = 0.1;
            (value, velocity) = step(value, gradient, velocity, n);
            rightVelocity = 0.9 * rightVelocity + gradient;
            rightValue -= n * rightVelocity;
            if (!(Math.Abs(velocity - rightVelocity) < 1e-9))
            {
                return FormattableString.Invariant($"Not yet: after step {i} the velocity should be {rightVelocity:0.0000}, and yours is {PythonNumber.Fixed(velocity, 4)}.");
            }

            if (!(Math.Abs(value - rightValue) < 1e-9))
            {
                return FormattableString.Invariant($"Not yet: after step {i} the value should be {rightValue:0.0000}, and yours is {PythonNumber.Fixed(value, 4)}. Subtract n times the new velocity.");
            }
        }

        return "Right.";
    }

    private static bool Same(IEnumerable<float> given, IEnumerable<float> expected) =>
        given.Zip(expected).All(pair => Math.Abs(pair.First - pair.Second) < 1e-5);
}

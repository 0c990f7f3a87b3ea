#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static Tensors;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>The checks of the lesson's exercises. Each returns "Right.", or "Not yet:" with a hint in numbers.</summary>
public static class Exercises
{
    private static readonly double[] GoodSteps = [0.01, 0.03, 0.1];

    /// <summary>Checks a function that computes the slope of the sigmoid from the sigmoid's value s.</summary>
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
                return FormattableString.Invariant($"Not yet: where the sigmoid is {s:0.0000}, its slope is {expected:0.0000}, but your function returns {PythonNumber.Fixed(given, 4)}.");
            }
        }

        return "Right.";
    }

    /// <summary>Checks a function that computes the gradient of the loss (y - o2)² with respect to w2.</summary>
    /// <param name="gradient">Takes the outputs of the hidden units, shape [2], the output o2 and the target y; returns two numbers.</param>
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
            return $"Not yet: w2 has {expected.Length} numbers, but your function returns {given.Length}.";
        }

        return Same(given, expected) ? "Right."
            : Same(given.Select(value => -value), expected) ? "Not yet: the sign is wrong. In the loss (y - o2)², o2 has a minus sign."
            : Same(given.Select(value => 2 * value), expected) ? "Not yet: a factor of 2 is missing. The square has a slope, too: that of u² is 2u."
            : Same(given.Select(value => value * o * (1 - o)), expected) ? "Not yet: the slope of the sigmoid is missing: o2 · (1 - o2)."
            : FormattableString.Invariant($"Not yet: autograd computes [{expected[0]:0.0000}, {expected[1]:0.0000}], but your function returns [{PythonNumber.Fixed(given[0], 4)}, {PythonNumber.Fixed(given[1], 4)}].");
    }

    /// <summary>Checks a function that takes a step with momentum 0.9: the velocity becomes 0.9 · velocity + gradient, and the value decreases by n · velocity.</summary>
    /// <param name="step">Takes the value, the gradient, the velocity and n; returns the new value and the new velocity.</param>
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
                return FormattableString.Invariant($"Not yet: after step {i} the velocity should be {rightVelocity:0.0000}, but yours is {PythonNumber.Fixed(velocity, 4)}.");
            }

            if (!(Math.Abs(value - rightValue) < 1e-9))
            {
                return FormattableString.Invariant($"Not yet: after step {i} the value should be {rightValue:0.0000}, but yours is {PythonNumber.Fixed(value, 4)}. Subtract n times the new velocity.");
            }
        }

        return "Right.";
    }

    /// <summary>Checks a prediction of which of the nine gradients are zero for the sample (0, 1), with the initial weights of part 1.</summary>
    /// <param name="names">The numbers, such as <c>w1[0, 0]</c> or <c>b1[1]</c>.</param>
    public static string CheckZeroGradients(params string[] names)
    {
        using var scope = torch.NewDisposeScope();
        var net = new XorNetwork();
        var sample = tensor([0.0, 1.0]);
        (1 - net.Forward(sample)).pow(2).backward();
        var given = names.Select(name => name.Replace(" ", "", StringComparison.Ordinal)).ToList();
        var all = new List<(string Name, double Gradient)>();
        foreach (var (name, tensor) in NamedTensors.Of(new { net.w1, net.b1, net.w2, net.b2 }))
        {
            var gradients = new TensorNumbers(tensor.grad!);
            all.AddRange(Enumerable.Range(0, gradients.Count).Select(i => (NamedTensors.At(name, i, tensor.shape), gradients[i])));
        }

        bool IsGiven(string name) => given.Contains(name.Replace(" ", "", StringComparison.Ordinal));
        if (given.Find(name => !all.Exists(number => number.Name.Replace(" ", "", StringComparison.Ordinal) == name)) is { } unknown)
        {
            return $"Not yet: there is no number called {unknown}. The nine are {string.Join(", ", all.Select(number => number.Name))}.";
        }

        if (all.Find(number => number.Gradient != 0 && IsGiven(number.Name)) is { Name: not null } wrong)
        {
            return $"Not yet: the gradient of {wrong.Name} is {PythonNumber.Fixed(wrong.Gradient, 4)}. What it is multiplied by is not zero, and its unit is on.";
        }

        var missing = all.FindAll(number => number.Gradient == 0 && !IsGiven(number.Name));
        return missing.Count == 0 ? "Right."
            : $"Not yet: {missing.Count} more {(missing.Count == 1 ? "is" : "are")} zero. {(missing.Exists(number => number.Name.StartsWith("w1[0", StringComparison.Ordinal)) ? "A weight's gradient is the incoming gradient times the weight's input: which input is 0?" : "Which hidden unit is off, and which numbers lead into it or out of it?")}";
    }

    /// <summary>Checks a prediction of what <c>b2.grad</c> contains after two forward and backward passes on the sample (0, 0) without zeroing.</summary>
    public static string CheckTwoPasses(double held)
    {
        using var scope = torch.NewDisposeScope();
        var net = new XorNetwork();
        void Pass() => (0 - net.Forward(tensor([0.0, 0.0]))).pow(2).backward();
        Pass();
        var once = net.b2.grad!.item<float>();
        Pass();
        var twice = net.b2.grad!.item<float>();
        return Math.Abs(held - twice) < 1e-4 ? "Right."
            : Math.Abs(held - once) < 1e-4 ? "Not yet: that is what one pass leaves. Nothing was zeroed, and backward() adds to .grad."
            : held == 0 ? "Not yet: nothing was zeroed, and no step was taken."
            : $"Not yet: one pass adds {PythonNumber.Fixed(once, 4)}, but your answer for two is {PythonNumber.Fixed(held, 4)}.";
    }

    /// <summary>Checks a step h for difference quotients in float32: its largest relative error may be up to four times that of the best step.</summary>
    public static string CheckStepInFloat32(double step)
    {
        if (!(step > 0 && double.IsFinite(step)))
        {
            return "Not yet: the step must be greater than zero.";
        }

        using var scope = torch.NewDisposeScope();
        var net = new XorNetwork();
        var (x, y) = (tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]]), tensor([0.0, 1, 1, 0]));
        Tensor Loss() => mean((y - net.Forward(x).squeeze()).pow(2));
        Loss().backward();
        var least = GoodSteps.Min(h => LargestError(net, Loss, h));
        var largest = LargestError(net, Loss, step);
        if (largest <= 4 * least)
        {
            return "Right.";
        }

        var said = $"Not yet: with h = {ShortNumber.Of(step)} the largest relative error is {ShortNumber.Of(largest)}, but {ShortNumber.Of(least)} is possible.";
        return step < 0.01
            ? $"{said} The two losses agree in nearly all of float32's seven digits: take a larger step."
            : $"{said} Over such a large step the loss is not a straight line, and a hidden unit may switch on or off: take a smaller one.";
    }

    private static double LargestError(XorNetwork net, Func<Tensor> loss, double step)
    {
        using var off = no_grad();
        var largest = 0.0;
        foreach (var parameter in net.Parameters)
        {
            var numbers = parameter.reshape(-1);
            for (var i = 0; i < numbers.numel(); i++)
            {
                using var scope = torch.NewDisposeScope();
                var start = numbers[i].item<float>();
                double At(double value)
                {
                    numbers[i] = (float)value;
                    return loss().item<float>();
                }

                var numeric = (At(start + step) - At(start - step)) / (2 * step);
                numbers[i] = start;
                var exact = parameter.grad!.reshape(-1)[i].item<float>();
                largest = Math.Max(largest, Math.Abs(exact - numeric) / Math.Max(Math.Max(Math.Abs(exact), Math.Abs(numeric)), 1e-8));
            }
        }

        return largest;
    }

    private static bool Same(IEnumerable<float> given, IEnumerable<float> expected) =>
        given.Zip(expected).All(pair => Math.Abs(pair.First - pair.Second) < 1e-5);
}

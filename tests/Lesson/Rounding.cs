using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using static Tensors;
using Tensor = TorchSharp.torch.Tensor;

namespace Backprop.Tests.Lesson;

/// <summary>
/// Whether this processor rounds like the one that produced the reference data. If so, the lesson is compared to the bit; otherwise
/// within a tolerance, with a warning.
/// </summary>
internal static partial class Rounding
{
    private const double Tolerance = 2e-3;

    /// <summary>Whether the results are the same, found by running the lesson's operations instead of looking at the processor's name.</summary>
    public static bool IsThatOfTheReference { get; } = Probe();

    /// <summary>
    /// Whether the float64 sigmoid rounds as in libtorch's Linux build. The Windows build differs in the last bit for a few numbers, one of
    /// which occurs in the lesson.
    /// </summary>
    public static bool SigmoidIsThatOfLinux { get; } = Float64Sigmoid(0x3f947ae51803daa2) == 0x3fe028f570b64242;

    public static void AssertSameBits(IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        if (IsThatOfTheReference)
        {
            Assert.Equal(expected, actual);
            return;
        }

        SayTolerant();
        Assert.Equal(expected.Count, actual.Count);
        foreach (var (one, other) in expected.Zip(actual))
        {
            Assert.Equal(Bits.ToSingle(one), Bits.ToSingle(other), Tolerance);
        }
    }

    public static void AssertSameText(string expected, string actual)
    {
        if (IsThatOfTheReference)
        {
            Assert.Equal(expected, actual);
            return;
        }

        SayTolerant();
        Assert.Equal(Number().Replace(expected, "#"), Number().Replace(actual, "#"));
        foreach (var (one, other) in Number().Matches(expected).Zip(Number().Matches(actual)))
        {
            Assert.Equal(Parse(one), Parse(other), Tolerance);
        }

        static double Parse(Match number) => double.Parse(number.Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void SayTolerant() =>
        TestContext.Current.AddWarning($"This processor rounds differently from the reference: numbers are compared within {Tolerance}, not to the bit.");

    // Four at once, so that the vectorized code computes them.
    private static ulong Float64Sigmoid(ulong bits)
    {
        using var argument = TorchSharp.torch.full(4, BitConverter.UInt64BitsToDouble(bits), TorchSharp.torch.float64);
        using var result = sigmoid(argument);
        return BitConverter.DoubleToUInt64Bits(result[0].item<double>());
    }

    private static bool Probe()
    {
        var data = JsonNode.Parse(File.ReadAllText(TestData.Path("rounding.json")))!;
        var values = tensor([.. data["values"]!.AsArray().Select(bits => Bits.ToSingle((string)bits!))]);
        var rows = values.reshape(-1, 2);
        var weights = tensor([[0.1, 0.3], [0.2, 0.1]]);
        return Same("sigmoid_alone", Enumerable.Range(0, 80).Select(i => sigmoid(values[i].reshape(1))))
            && Same("sigmoid_together", [sigmoid(values)])
            && Same("matmul_alone", Enumerable.Range(0, 40).Select(i => matmul(rows[i], weights)))
            && Same("matmul_together", [matmul(rows, weights)])
            && Same("mean", [mean(values)]);

        bool Same(string name, IEnumerable<Tensor> results) =>
            results.SelectMany(result => result.data<float>().ToArray()).Select(Bits.Of)
                .SequenceEqual(data[name]!.AsArray().Select(bits => (string)bits!));
    }

    [GeneratedRegex(@"-?\d+\.\d*(e[+-]\d+)?")]
    private static partial Regex Number();
}

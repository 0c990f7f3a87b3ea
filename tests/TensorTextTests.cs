using System.Globalization;
using System.Text.Json.Nodes;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Backprop.Tests;

/// <summary>Tensors in print, against what PyTorch prints (tests/reference/tensor_text.py).</summary>
public class TensorTextTests
{
    private static readonly Dictionary<string, JsonArray> Loaded = [];

    public static TheoryData<string, int> Cases { get; } = AllCases("tensor-text.json", "tensor-text-more.json");

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void A_tensor_prints_as_in_PyTorch(string file, int index)
    {
        var recorded = Load(file)[index]!;

        Assert.Equal((string?)recorded["text"], TensorText.repr(Made(recorded)));
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    public void The_readers_culture_changes_nothing(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            Assert.Equal("tensor([-1.5000e+00,  1.2500e-05])", TensorText.repr(Tensors.tensor([-1.5f, 0.0000125f])));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Printing_leaves_nothing_behind()
    {
        var tensor = torch.zeros(50, 50);
        TensorText.repr(tensor);
        var before = Tensor.TotalCount;

        TensorText.repr(tensor);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_large_tensor_is_not_read_whole()
    {
        var tensor = torch.zeros(4000, 4000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        TensorText.repr(tensor);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void A_sparse_tensor_is_refused_with_the_way_out()
    {
        var error = Assert.Throws<NotSupportedException>(() => TensorText.repr(torch.eye(2).to_sparse()));

        Assert.Contains("to_dense()", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_tensor_is_refused()
    {
        var tensor = torch.zeros(1);
        tensor.Dispose();

        Assert.Throws<InvalidOperationException>(() => TensorText.repr(tensor));
    }

    private static TheoryData<string, int> AllCases(params string[] files)
    {
        var data = new TheoryData<string, int>();
        foreach (var file in files)
        {
            for (var i = 0; i < Load(file).Count; i++)
            {
                data.Add(file, i);
            }
        }

        return data;
    }

    private static JsonArray Load(string file)
    {
        lock (Loaded)
        {
            return Loaded.TryGetValue(file, out var cases)
                ? cases
                : Loaded[file] = JsonNode.Parse(File.ReadAllText(TestData.Path(file)))!["cases"]!.AsArray();
        }
    }

    private static Tensor Made(JsonNode recorded)
    {
        long[] shape = [.. recorded["shape"]!.AsArray().Select(size => (long)size!)];
        var tensor = Flat(recorded).reshape(shape);
        if ((bool)recorded["requires_grad"]!)
        {
            tensor = tensor.detach().requires_grad_();
        }

        tensor = (string?)recorded["operation"] switch
        {
            "relu" => tensor.relu(),
            "sigmoid" => tensor.sigmoid(),
            "neg" => tensor.neg(),
            "squeeze" => tensor.squeeze(),
            _ => tensor,
        };
        return (bool?)recorded["transposed"] == true ? tensor.transpose(0, -1) : tensor;
    }

    private static Tensor Flat(JsonNode recorded)
    {
        var dtype = (string)recorded["dtype"]!;
        if (recorded["rule"] is JsonArray rule)
        {
            var (step, modulus, divisor) = ((long)rule[0]!, (long)rule[1]!, (double)rule[2]!);
            var count = recorded["shape"]!.AsArray().Aggregate(1, (product, size) => product * (int)size!);
            return torch.from_array(Enumerable.Range(0, count).Select(i => (float)((i * step % modulus - modulus / 2) / divisor)).ToArray());
        }

        string[] bits = [.. recorded["bits"]?.AsArray().Select(text => (string)text!) ?? []];
        return dtype switch
        {
            "float32" => torch.from_array(Singles(bits)),
            "bfloat16" => torch.from_array(Singles(bits)).to_type(torch.bfloat16),
            "float64" => torch.from_array(bits.Length > 0 ? Doubles(bits) : [.. recorded["values"]?.AsArray().Select(value => (double)value!) ?? []]),
            "float16" => torch.from_array(bits.Select(text => (float)BitConverter.UInt16BitsToHalf(ushort.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture))).ToArray()).to_type(torch.float16),
            "complex64" => torch.complex(torch.from_array(Singles(bits[..(bits.Length / 2)])), torch.from_array(Singles(bits[(bits.Length / 2)..]))),
            "complex128" => torch.complex(torch.from_array(Doubles(bits[..(bits.Length / 2)])), torch.from_array(Doubles(bits[(bits.Length / 2)..]))),
            "bool" => torch.from_array(recorded["values"]!.AsArray().Select(value => (bool)value!).ToArray()),
            "uint8" => Integers(torch.uint8),
            "int8" => Integers(torch.int8),
            "int16" => Integers(torch.int16),
            "int32" => Integers(torch.int32),
            "int64" => Integers(torch.int64),
            _ => throw new NotSupportedException(dtype),
        };

        Tensor Integers(torch.ScalarType type) => torch.from_array(recorded["values"]!.AsArray().Select(value => (long)value!).ToArray()).to_type(type);
    }

    private static float[] Singles(string[] bits) => [.. bits.Select(Lesson.Bits.ToSingle)];

    private static double[] Doubles(string[] bits) =>
        [.. bits.Select(text => BitConverter.UInt64BitsToDouble(ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture)))];
}

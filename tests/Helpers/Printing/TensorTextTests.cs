using System.Globalization;
using System.Text.Json.Nodes;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Backprop.Tests;

/// <summary>Printed tensors, compared with PyTorch (tests/reference/tensor_text.py).</summary>
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
    public void The_culture_changes_nothing(string culture)
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
    public void Printing_leaks_no_tensors()
    {
        var tensor = torch.zeros(50, 50);
        TensorText.repr(tensor);
        var before = LiveTensors.CountWithoutGarbage();

        TensorText.repr(tensor);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_large_tensor_is_not_copied_completely()
    {
        var tensor = torch.zeros(4000, 4000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        TensorText.repr(tensor);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void A_lazy_conjugate_has_the_right_sign()
    {
        var conjugate = torch.complex(torch.ones(1, torch.float64), torch.full([1], 2, torch.float64)).conj();

        Assert.Equal("tensor([1.-2.j], dtype=torch.complex128)", TensorText.repr(conjugate));
        Assert.Equal("tensor([-2.], dtype=torch.float64)", TensorText.repr(conjugate.imag));
    }

    [Fact]
    public void The_default_dtype_is_omitted()
    {
        var before = torch.get_default_dtype();
        torch.set_default_dtype(torch.float64);
        try
        {
            Assert.Equal("tensor([1.])", TensorText.repr(torch.ones(1, torch.float64)));
            Assert.Equal("tensor([1.], dtype=torch.float32)", TensorText.repr(torch.ones(1, torch.float32)));
            Assert.Equal("tensor([], dtype=torch.float32)", TensorText.repr(torch.ones(0, torch.float32)));
            Assert.Equal("tensor([1.+0.j])", TensorText.repr(torch.ones(1, torch.complex128)));
        }
        finally
        {
            torch.set_default_dtype(before);
        }
    }

    [Fact]
    public void A_parameter_is_printed_as_one()
    {
        Assert.Equal(
            "Parameter containing:\ntensor([1., 1.], requires_grad=True)",
            TensorText.repr(new TorchSharp.Modules.Parameter(torch.ones(2))));
    }

    [Fact]
    public void Printing_changes_neither_the_tensor_nor_the_grad_mode()
    {
        var leaf = Tensors.tensor([-1f, 2f], requires_grad: true);
        var result = leaf.relu();
        using (torch.no_grad())
        {
            Assert.Equal("tensor([0., 2.], grad_fn=<ReluBackward0>)", TensorText.repr(result));
            Assert.False(torch.is_grad_enabled());
        }

        Assert.Equal("tensor([-1.,  2.], requires_grad=True)", TensorText.repr(leaf));
        Assert.True(torch.is_grad_enabled());
        result.sum().backward();
        Assert.Equal("tensor([0., 1.])", TensorText.repr(leaf.grad!));
    }

    [Fact]
    public void A_null_tensor_is_an_error()
    {
        Assert.Throws<ArgumentNullException>(() => TensorText.repr(null!));
    }

    [Fact]
    public void A_quantized_tensor_is_an_error_that_says_what_to_do()
    {
        var error = Assert.Throws<NotSupportedException>(() => TensorText.repr(torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.ScalarType.QInt8)));

        Assert.Contains("dequantize()", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_meta_tensor_is_an_error_that_says_what_to_do()
    {
        var error = Assert.Throws<NotSupportedException>(() => TensorText.repr(torch.zeros(2, 3, device: torch.META)));

        Assert.Contains("print its shape", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sparse_tensor_is_an_error_that_says_what_to_do()
    {
        var error = Assert.Throws<NotSupportedException>(() => TensorText.repr(torch.eye(2).to_sparse()));

        Assert.Contains("to_dense()", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_tensor_is_an_error()
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
        tensor = (string?)recorded["view"] switch
        {
            null => tensor,
            "transposed" => tensor.transpose(0, -1),
            "every other" => tensor.slice(-1, 0, tensor.shape[^1], 2),
            "expanded" => tensor.expand([2, .. tensor.shape]),
            "conjugated" => tensor.conj(),
            "imaginary part of the conjugate" => tensor.conj().imag,
            var unknown => throw new NotSupportedException(unknown),
        };
        if ((bool)recorded["requires_grad"]!)
        {
            tensor = tensor.detach().requires_grad_();
        }

        return (string?)recorded["operation"] switch
        {
            null => tensor,
            "relu" => tensor.relu(),
            "sigmoid" => tensor.sigmoid(),
            "neg" => tensor.neg(),
            "squeeze" => tensor.squeeze(),
            "unsqueeze" => tensor.unsqueeze(0),
            "leaky_relu" => torch.nn.functional.leaky_relu(tensor, 0.5),
            var unknown => throw new NotSupportedException(unknown),
        };
    }

    private static Tensor Flat(JsonNode recorded)
    {
        var dtype = (string)recorded["dtype"]!;
        if (recorded["rule"] is not null)
        {
            return FromRule(recorded, dtype);
        }

        string[] bits = [.. recorded["bits"]?.AsArray().Select(text => (string)text!) ?? []];
        return dtype switch
        {
            "float32" or "bfloat16" => torch.from_array(Singles(bits)).to_type(TypeOf(dtype)),
            "float64" => torch.from_array(bits.Length > 0 ? Doubles(bits) : [.. recorded["values"]?.AsArray().Select(value => (double)value!) ?? []]),
            "float16" => torch.from_array(bits.Select(text => (float)BitConverter.UInt16BitsToHalf(ushort.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture))).ToArray()).to_type(torch.float16),
            "complex64" => torch.complex(torch.from_array(Singles(bits[..(bits.Length / 2)])), torch.from_array(Singles(bits[(bits.Length / 2)..]))),
            "complex128" => torch.complex(torch.from_array(Doubles(bits[..(bits.Length / 2)])), torch.from_array(Doubles(bits[(bits.Length / 2)..]))),
            "bool" => torch.from_array(recorded["values"]!.AsArray().Select(value => (bool)value!).ToArray()),
            _ => torch.from_array(recorded["values"]!.AsArray().Select(value => (long)value!).ToArray()).to_type(TypeOf(dtype)),
        };
    }

    // See long_case in tests/reference/tensor_text.py.
    private static Tensor FromRule(JsonNode recorded, string dtype)
    {
        var (step, modulus, divisor) = ((long)recorded["rule"]![0]!, (long)recorded["rule"]![1]!, (double)recorded["rule"]![2]!);
        var count = recorded["shape"]!.AsArray().Aggregate(1, (product, size) => product * (int)size!);
        long[] whole = [.. Enumerable.Range(0, count).Select(i => (i * step % modulus) - (modulus / 2))];
        if (dtype is "bool" or "uint8" or "int16" or "int64")
        {
            return torch.from_array(whole).to_type(TypeOf(dtype));
        }

        var numbers = torch.from_array(whole.Select(i => i / divisor).ToArray());
        if (dtype is not ("complex64" or "complex128"))
        {
            return numbers.to_type(TypeOf(dtype));
        }

        var real = numbers.to_type(dtype == "complex64" ? torch.float32 : torch.float64);
        return torch.complex(real, -real);
    }

    private static torch.ScalarType TypeOf(string dtype) => dtype switch
    {
        "float16" => torch.float16,
        "bfloat16" => torch.bfloat16,
        "float32" => torch.float32,
        "float64" => torch.float64,
        "bool" => torch.@bool,
        "uint8" => torch.uint8,
        "int8" => torch.int8,
        "int16" => torch.int16,
        "int32" => torch.int32,
        "int64" => torch.int64,
        _ => throw new NotSupportedException(dtype),
    };

    private static float[] Singles(string[] bits) => [.. bits.Select(Lesson.Bits.ToSingle)];

    private static double[] Doubles(string[] bits) =>
        [.. bits.Select(text => BitConverter.UInt64BitsToDouble(ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture)))];
}

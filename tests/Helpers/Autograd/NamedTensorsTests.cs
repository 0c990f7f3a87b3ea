using TorchSharp;
using static Tensors;
using Tensor = TorchSharp.torch.Tensor;

namespace Backprop.Tests;

/// <summary>How students name their parameters.</summary>
public sealed class NamedTensorsTests
{
    private static readonly Tensor w = tensor([1.0, 2.0], requires_grad: true);
    private static readonly Tensor b = tensor([3.0], requires_grad: true);

    public static TheoryData<string> Forms() => [.. Written.Keys];

    public static TheoryData<string> Nameless() => [.. Unnamed.Keys];

    private static Dictionary<string, object> Written { get; } = new()
    {
        ["an anonymous object"] = new { w, b },
        ["a dictionary"] = new Dictionary<string, Tensor> { ["w"] = w, ["b"] = b },
        ["an old dictionary"] = new System.Collections.Specialized.OrderedDictionary { ["w"] = w, ["b"] = b },
        ["a list of pairs"] = new List<(string, Tensor)> { ("w", w), ("b", b) },
        ["an array of pairs"] = new[] { ("w", w), ("b", b) },
        ["a sequence"] = new[] { "w", "b" }.Select(name => (name, tensor: name == "w" ? w : b)),
        ["old tuples"] = new[] { Tuple.Create("w", w), Tuple.Create("b", b) },
        ["a tuple of pairs"] = (("w", w), ("b", b)),
        ["an object of a class of its own"] = new Network(),
    };

    private static Dictionary<string, object?> Unnamed { get; } = new()
    {
        ["nothing"] = null,
        ["a tensor"] = w,
        ["a tuple"] = (w, b),
        ["a tuple with names in C# only"] = (w: w, b: b),
        ["an array"] = new[] { w, b },
        ["an empty array"] = Array.Empty<(string, Tensor)>(),
        ["an empty object"] = new { },
        ["a text"] = "w",
        ["a name without a tensor in a tuple"] = ("w", 1),
        ["a number"] = new { w, n = 0.1 },
        ["a number alone"] = 0.1,
        ["a module without parameters"] = torch.nn.Tanh(),
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_form_gives_names_and_tensors_in_order(string form)
    {
        var named = NamedTensors.Of(Written[form]);

        Assert.Equal(["w", "b"], named.Select(entry => entry.Name));
        Assert.Same(w, named[0].Tensor);
        Assert.Same(b, named[1].Tensor);
    }

    [Fact]
    public void A_module_stands_for_its_parameters()
    {
        var net = torch.nn.Sequential(("first", torch.nn.Linear(2, 3)), ("last", torch.nn.Linear(3, 1)));
        string[] names = ["first.weight", "first.bias", "last.weight", "last.bias"];

        Assert.Equal(names, NamedTensors.Of(net.named_parameters()).Select(entry => entry.Name));
        Assert.Equal(names, NamedTensors.Of(net).Select(entry => entry.Name));
        Assert.Equal(names.Select(name => "net." + name).Append("w"), NamedTensors.Of(new { net, w }).Select(entry => entry.Name));
    }

    [Theory]
    [MemberData(nameof(Nameless))]
    public void Everything_else_is_refused_with_how_to_write_it(string form) =>
        Assert.Contains("Write new { w1, b1 }", Assert.Throws<ArgumentException>(() => NamedTensors.Of(Unnamed[form])).Message, StringComparison.Ordinal);

    [Fact]
    public void What_has_no_value_yet_is_named()
    {
        Tensor? later = null;

        Assert.Contains("later has no value yet", Assert.Throws<ArgumentException>(() => NamedTensors.Of(new { w, later })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "w[0, 0]")]
    [InlineData(4, "w[1, 1]")]
    public void A_number_is_called_by_its_place(long index, string name) => Assert.Equal(name, NamedTensors.At("w", index, [2, 3]));

    [Fact]
    public void A_number_alone_is_called_by_its_tensor() => Assert.Equal("w", NamedTensors.At("w", 0, []));

    private sealed class Network
    {
        public Tensor w = NamedTensorsTests.w;
        public Tensor b = NamedTensorsTests.b;

        public int Epochs { get; } = 5;

        public Tensor[] Parameters => [w, b];
    }
}

using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using TorchSharp;
using static Tensors;
using Tensor = TorchSharp.torch.Tensor;

namespace Backprop.Tests;

/// <summary>Printed values, compared with Python (tests/reference/python_text.py).</summary>
public class PythonTests
{
    private static readonly JsonNode Recorded = JsonNode.Parse(File.ReadAllText(TestData.Path("python-text.json")))!;

    [Fact]
    public void Numbers_are_formatted_as_in_Python()
    {
        var floats = Recorded["floats"]!.AsArray();
        Assert.True(floats.Count > 500);
        foreach (var number in floats)
        {
            var value = Number(number!["bits"]);
            Assert.Equal((string?)number["repr"], PythonNumber.Repr(value));
            Assert.Equal((string?)number["scientific"], PythonNumber.Scientific(value, 4));
            if (number["fixed"] is not null)
            {
                Assert.Equal((string?)number["fixed"], PythonNumber.Fixed(value, 4));
                Assert.Equal((string?)number["whole"], PythonNumber.Fixed(value, 0));
            }
        }
    }

    [Fact]
    public void Complex_numbers_are_formatted_as_in_Python()
    {
        Assert.All(Recorded["complex"]!.AsArray(), number => Assert.Equal(
            (string?)number!["repr"],
            Python.repr(new Complex(Number(number["real"]), Number(number["imaginary"])))));
    }

    [Fact]
    public void Strings_are_quoted_as_in_Python()
    {
        Assert.All(Recorded["strings"]!.AsArray(), text => Assert.Equal((string?)text!["repr"], Python.repr((string?)text["text"])));
    }

    [Fact]
    public void None_and_Booleans_have_Pythons_names()
    {
        Assert.Equal("(None, True, 7, 0.10000000149011612, 'a')", Python.repr((default(string), true, 7, 0.1f, "a")));
        Assert.Equal("[1, [2.0, 3.5], {'k': False}]", Python.repr(new object[] { 1, new List<double> { 2.0, 3.5 }, new Dictionary<string, bool> { ["k"] = false } }));
        Assert.Equal("(1,)", Python.repr(ValueTuple.Create(1)));
        Assert.Equal("()", Python.repr(default(ValueTuple)));
        Assert.Equal("(1, 2, 3, 4, 5, 6, 7, 8, 9)", Python.repr((1, 2, 3, 4, 5, 6, 7, 8, 9)));
    }

    [Fact]
    public void A_tuple_prints_its_tensors()
    {
        Assert.Equal("(tensor(0.), tensor([1., 2.]))", Python.repr((tensor([0f])[0], tensor([1f, 2f]))));
    }

    [Fact]
    public void Print_separates_values_by_spaces_and_ends_with_a_line_break()
    {
        Assert.Equal("a 1 None\n", Printed(() => Python.print("a", 1, null)));
        Assert.Equal("\n", Printed(() => Python.print()));
        Assert.Equal("None\n", Printed(() => Python.print(tensor([1f]).grad)));
        Assert.Equal("a\n", Printed(() => Python.print("a")));
        Assert.Equal("tensor([1.]) tensor([2.])\n", Printed(() => Python.print(tensor([1f]), tensor([2f]))));
    }

    [Fact]
    public void None_prints_in_every_form()
    {
        Assert.Equal("None\n", Printed(() => Python.print(null)));
        Assert.Equal("None\n", Printed(() => Python.print(default(object[])!)));
        Assert.Equal("None None\n", Printed(() => Python.print(null, null)));
        Assert.Equal("None None\n", Printed(() => Python.print($"{null} {default(Tensor)}")));
    }

    [Fact]
    public void An_array_prints_as_a_list_alone_and_among_other_values()
    {
        object[] values = [1, "a"];
        string[] texts = ["a", "b"];
        Tensor[] tensors = [tensor([1f])];

        Assert.Equal("[1, 'a']\n", Printed(() => Python.print(values)));
        Assert.Equal("['a', 'b']\n", Printed(() => Python.print(texts)));
        Assert.Equal("[tensor([1.])]\n", Printed(() => Python.print(tensors)));
        Assert.Equal("[1, 'a'] ['a', 'b']\n", Printed(() => Python.print(values, texts)));
        Assert.Equal("[[1.0, 2.0], [3.0, 4.0]]\n", Printed(() => Python.print(new float[,] { { 1, 2 }, { 3, 4 } })));
        Assert.Equal("[]\n", Printed(() => Python.print(Array.Empty<object>())));
    }

    [Fact]
    public void A_character_prints_as_a_string()
    {
        Assert.Equal("c ('c', 1) c\n", Printed(() => Python.print('c', ('c', 1), Python.str($"{'c'}"))));
    }

    [Fact]
    public void Print_writes_once()
    {
        var console = Console.Out;
        using var writer = new WriteCounter();
        Console.SetOut(writer);
        try
        {
            Python.print("a", tensor([1f]));
            Python.print($"{1} {2}");
            Python.print();
        }
        finally
        {
            Console.SetOut(console);
        }

        Assert.Equal(["a tensor([1.])\n", "1 2\n", "\n"], writer.Writes);
    }

    [Fact]
    public void A_0_dimensional_tensor_is_its_number_in_an_f_string()
    {
        Assert.Equal("1.5", Python.str($"{torch.ones([], torch.float16) * 1.5}"));
        Assert.Equal("7", Python.str($"{torch.full([], 7, torch.uint8)}"));
        Assert.Equal("True", Python.str($"{torch.ones([], torch.@bool)}"));
        Assert.Equal("(1-2j)", Python.str($"{torch.complex(torch.ones([]), torch.full([], 2f)).conj()}"));
        Assert.Equal("0.2475|    0.25", Python.str($"{tensor([0.24752042f])[0]:F4}|{tensor([0.24752042f])[0],8:F2}"));
    }

    [Fact]
    public void A_format_for_a_tensor_with_dimensions_is_an_error_that_says_what_to_do()
    {
        var error = Assert.Throws<FormatException>(() => Python.str($"{tensor([1f]):F2}"));

        Assert.Contains("item()", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en-US")]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    public void An_interpolated_string_prints_as_an_f_string(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            var loss = tensor([0.24752042f]);
            Assert.Equal(
                "EPOCH 1 complete, loss 0.24752041697502136\n",
                Printed(() => Python.print($"EPOCH {0 + 1} complete, loss {loss.item<float>()}")));
            Assert.Equal("1.5 tensor([1.5000]) I (1, None)   2.50|0003\n", Printed(() => Python.print(
                $"{tensor([1.5f])[0]} {tensor([1.5f])} {"I"} {(1, default(string))} {2.5,6:F2}|{3:D4}")));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_scalar_prints_as_its_number()
    {
        Scalar n = 0.01;
        Assert.Equal("0.01", Python.repr(n));
        Assert.Equal("3", Python.repr((Scalar)3));
    }

    private static double Number(JsonNode? bits) =>
        BitConverter.UInt64BitsToDouble(ulong.Parse((string)bits!, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private static string Printed(Action print)
    {
        var console = Console.Out;
        using var writer = new StringWriter();
        Console.SetOut(writer);
        try
        {
            print();
        }
        finally
        {
            Console.SetOut(console);
        }

        return writer.ToString();
    }

    private sealed class WriteCounter : StringWriter
    {
        public List<string> Writes { get; } = [];

        public override void Write(string? value) => Writes.Add(value ?? "");
    }
}

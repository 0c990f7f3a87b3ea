using System.Globalization;
using System.Text.Json.Nodes;
using TorchSharp;
using static Tensors;

namespace Backprop.Tests;

/// <summary>Values in print, against what Python prints (tests/reference/python_text.py).</summary>
public class PythonTests
{
    private static readonly JsonNode Recorded = JsonNode.Parse(File.ReadAllText(TestData.Path("python-text.json")))!;

    [Fact]
    public void Numbers_are_written_as_in_Python_in_every_form()
    {
        var floats = Recorded["floats"]!.AsArray();
        Assert.True(floats.Count > 500);
        foreach (var number in floats)
        {
            var value = BitConverter.UInt64BitsToDouble(ulong.Parse((string)number!["bits"]!, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
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
    public void Texts_are_quoted_as_in_Python()
    {
        Assert.All(Recorded["strings"]!.AsArray(), text => Assert.Equal((string?)text!["repr"], Python.repr((string?)text["text"])));
    }

    [Fact]
    public void Values_have_Pythons_names()
    {
        Assert.Equal("(None, True, 7, 0.10000000149011612, 'a')", Python.repr((default(string), true, 7, 0.1f, "a")));
        Assert.Equal("[1, [2.0, 3.5], {'k': False}]", Python.repr(new object[] { 1, new List<double> { 2.0, 3.5 }, new Dictionary<string, bool> { ["k"] = false } }));
        Assert.Equal("(1,)", Python.repr(ValueTuple.Create(1)));
        Assert.Equal("()", Python.repr(default(ValueTuple)));
        Assert.Equal("(1, 2, 3, 4, 5, 6, 7, 8, 9)", Python.repr((1, 2, 3, 4, 5, 6, 7, 8, 9)));
    }

    [Fact]
    public void A_tuple_shows_its_tensors()
    {
        Assert.Equal("(tensor(0.), tensor([1., 2.]))", Python.repr((tensor([0f])[0], tensor([1f, 2f]))));
    }

    [Fact]
    public void Print_puts_a_space_between_values_and_a_line_break_behind_them()
    {
        Assert.Equal("a 1 None\n", Printed(() => Python.print("a", 1, null)));
        Assert.Equal("\n", Printed(() => Python.print()));
        Assert.Equal("None\n", Printed(() => Python.print(tensor([1f]).grad)));
        Assert.Equal("a\n", Printed(() => Python.print("a")));
        Assert.Equal("tensor([1.]) tensor([2.])\n", Printed(() => Python.print(tensor([1f]), tensor([2f]))));
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
}

using System.Globalization;
using System.Xml.Linq;
using TorchSharp;
using static Tensors;

namespace Backprop.Tests;

public sealed class GradientTableTests
{
    [Fact]
    public void Each_row_has_a_number_its_gradient_its_step_and_its_new_value()
    {
        var w1 = tensor([[0.1, 0.3], [0.2, 0.1]], requires_grad: true);
        var b1 = tensor([0.2, -0.2], requires_grad: true);
        var w2 = tensor([[0.1], [-0.4]], requires_grad: true);
        var b2 = tensor([0.0], requires_grad: true);
        var o1 = relu(matmul(tensor([0.0, 0.0]), w1) + b1);
        (tensor([0.0]) - sigmoid(matmul(o1, w2) + b2)).pow(2).backward();

        Assert.Equal(
            """
            One step of gradient descent, learning rate n = 0.01. A positive gradient moves its value down, a negative one up.
            parameter    value  gradient     n·grad      after
            w1[0, 0]    0.1000    0.0000   0.000000   0.100000
            w1[0, 1]    0.3000    0.0000   0.000000   0.300000
            w1[1, 0]    0.2000    0.0000   0.000000   0.200000
            w1[1, 1]    0.1000    0.0000   0.000000   0.100000
            b1[0]       0.2000   +0.0252  +0.000252   0.199748
            b1[1]      -0.2000    0.0000   0.000000  -0.200000
            w2[0, 0]    0.1000   +0.0505  +0.000505   0.099495
            w2[1, 0]   -0.4000    0.0000   0.000000  -0.400000
            b2[0]       0.0000   +0.2525  +0.002525  -0.002525
            """,
            new GradientTable(0.01, new { w1, b1, w2, b2 }).ToText());
    }

    [Fact]
    public void The_new_value_is_that_of_a_real_step_to_the_bit()
    {
        var w = WithGradient([0.1, -0.7, 1.3], [0.3, -0.011, 1e-3]);
        var after = Column(new GradientTable(0.01, new { w }), 4);
        using (no_grad())
        {
            w.sub_(0.01 * w.grad!);
        }

        Assert.Equal(w.data<float>().Select(value => PythonNumber.Fixed(value, 7)), after);
    }

    [Fact]
    public void A_step_taken_later_does_not_change_the_table()
    {
        var w = WithGradient([1.0], [0.5]);
        var table = new GradientTable(0.1, new { w });
        var before = table.ToText();
        using (no_grad())
        {
            w.sub_(0.1 * w.grad!);
        }

        Assert.Equal(before, table.ToText());
    }

    [Fact]
    public void Creating_the_table_changes_nothing()
    {
        var w = WithGradient([1.0], [0.5]);
        _ = new GradientTable(0.1, new { w }).ToHtml();

        Assert.Equal((1f, 0.5f, true), (w.item<float>(), w.grad!.item<float>(), w.requires_grad));
    }

    [Fact]
    public void A_tensor_that_requires_no_gradient_is_distinguished_from_one_without_a_gradient_yet() => Assert.Equal(
        ["no gradient yet", "requires no gradient"],
        Column(new GradientTable(0.1, new { trained = tensor([2.0], requires_grad: true), data = tensor([2.0]) }), 2));

    [Fact]
    public void A_parameter_without_a_gradient_says_so()
    {
        var w = WithGradient([1.0], [0.5]);
        var fresh = tensor([2.0], requires_grad: true);
        var table = new GradientTable(0.1, new { w, fresh });

        Assert.EndsWith("\nfresh[0]   2.0000  no gradient yet", table.ToText(), StringComparison.Ordinal);
        Assert.Equal(["+0.5000", "no gradient yet"], Column(table, 2));
    }

    [Fact]
    public void Shades_show_sign_and_magnitude()
    {
        var w = WithGradient([1, 1, 1, 1], [2, 1, 0, -2]);
        var shades = Cells(new GradientTable(0.1, new { w })).Select(row => row[2].Attribute("style")?.Value);

        Assert.Equal(["background:rgba(37,99,235,0.42)", "background:rgba(37,99,235,0.24)", null, "background:rgba(234,88,12,0.42)"], shades);
    }

    [Fact]
    public void Every_column_and_row_has_a_header()
    {
        var w = WithGradient([1, 2], [1, 2]);
        var headers = Table(new GradientTable(0.1, new { w })).Descendants("th").Select(header => $"{header.Attribute("scope")!.Value}: {header.Value}");

        Assert.Equal(["col: parameter", "col: value", "col: gradient", "col: n·grad", "col: after", "row: w[0]", "row: w[1]"], headers);
        Assert.StartsWith("One step of gradient descent, learning rate n = 0.1.", Table(new GradientTable(0.1, new { w })).Element("caption")!.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 0.5, 0.00001 }, new[] { "+0.50000000", "+0.00001000" })]
    [InlineData(new[] { 1e7, 1 }, new[] { "+1.000e+07", "+1.000e+00" })]
    [InlineData(new[] { 1e-12, -1 }, new[] { "+1.000e-12", "-1.000e+00" })]
    [InlineData(new[] { double.NaN, double.PositiveInfinity, -1 }, new[] { "nan", "+inf", "-1.0000" })]
    public void A_column_has_one_format_in_which_the_smallest_number_is_visible(double[] gradients, string[] texts)
    {
        var w = WithGradient([.. gradients.Select(_ => 1.0)], gradients);

        Assert.Equal(texts, Column(new GradientTable(1, new { w }), 2));
    }

    [Fact]
    public void Tensors_of_any_shape_and_dtype_are_shown()
    {
        var alone = torch.zeros([], torch.float64);
        var deep = torch.ones(2, 1, 2);
        var turned = torch.arange(6).reshape(2, 3).t();
        var empty = torch.zeros(0, 3);

        Assert.Equal(
            ["alone", "deep[0, 0, 0]", "deep[0, 0, 1]", "deep[1, 0, 0]", "deep[1, 0, 1]", "turned[0, 0]", "turned[0, 1]", "turned[1, 0]", "turned[1, 1]", "turned[2, 0]", "turned[2, 1]"],
            Column(new GradientTable(1, new { alone, deep, turned, empty }), 0));
        Assert.Equal("0 3 1 4 2 5", string.Join(' ', Column(new GradientTable(1, new { turned }), 1).Select(value => value[..1])));
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    public void The_table_is_the_same_in_every_culture(string culture)
    {
        var w = WithGradient([1, -2], [0.5, -1e-9]);
        var (html, text) = (new GradientTable(0.1, new { w }).ToHtml(), new GradientTable(0.1, new { w }).ToText());
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);

            Assert.Equal(text, new GradientTable(0.1, new { w }).ToText());
            Assert.Equal(html, new GradientTable(0.1, new { w }).ToHtml());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Signs_are_right_for_a_negative_learning_rate()
    {
        var w = WithGradient([1], [2]);

        Assert.Equal("+2.0000 -0.2000 1.2000", string.Join(' ', Cells(new GradientTable(-0.1, new { w }))[0].Skip(2).Select(cell => cell.Value)));
    }

    [Fact]
    public void Missing_values_are_errors_that_name_them()
    {
        torch.Tensor? w1 = null;

        Assert.Contains("w1 has no value yet", Assert.Throws<ArgumentException>(() => new GradientTable(0.1, new { w1 })).Message, StringComparison.Ordinal);
        Assert.Contains("Write new { w1, b1 }", Assert.Throws<ArgumentException>(() => new GradientTable(0.1, tensor([1.0]))).Message, StringComparison.Ordinal);
        Assert.Contains("epochs is not a tensor; its type is Int32", Assert.Throws<ArgumentException>(() => new GradientTable(0.1, new { epochs = 5 })).Message, StringComparison.Ordinal);
        Assert.Contains("There is no learning rate yet", Assert.Throws<ArgumentNullException>(() => new GradientTable(null, new { w1 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_numbers_the_first_the_last_and_those_with_the_largest_gradients_are_shown()
    {
        var W = torch.ones(100, 50).requires_grad_();
        var slopes = torch.zeros(100, 50);
        slopes[50, 7] = -3;
        slopes[60, 0] = 2;
        (W * slopes).sum().backward();

        var table = new GradientTable(0.1, new { W });
        var lines = table.ToText().Split('\n');

        Assert.InRange(lines.Length, 60, 130);
        Assert.InRange(table.ToHtml().Length, 5_000, RichTable.MostBytes);
        Assert.Contains("60 of 5000 rows: the first and the last 20, and those with the largest gradients.", lines[0], StringComparison.Ordinal);
        Assert.Equal(["W[0, 0]", "W[0, 1]"], lines[2..4].Select(line => line.Split("  ")[0]));
        Assert.StartsWith("W[99, 49]", lines[^1], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("W[50, 7] ", StringComparison.Ordinal) && line.Contains("-3.0000", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("W[60, 0] ", StringComparison.Ordinal));
        Assert.Equal(5000 - 60, lines.Select(line => System.Text.RegularExpressions.Regex.Match(line, "^… ([0-9]+) left out$")).Where(match => match.Success).Sum(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Complex_numbers_are_shown_with_both_parts()
    {
        var z = torch.complex(tensor([1.0, 0.0]), tensor([-2.0, 0.5])).requires_grad_();
        z.abs().pow(2).sum().backward();

        Assert.Equal(["1.0000-2.0000j", "0.0000+0.5000j"], Column(new GradientTable(0.1, new { z }), 1));
        Assert.Equal(["+2.0000-4.0000j", "0.0000+1.0000j"], Column(new GradientTable(0.1, new { z }), 2));
    }

    [Fact]
    public void Parameters_of_a_module_have_its_names()
    {
        var layer = torch.nn.Linear(2, 1);

        Assert.Equal(["weight[0, 0]", "weight[0, 1]", "bias[0]"], Column(new GradientTable(0.1, layer.named_parameters()), 0));
        Assert.Contains("Write new { w1, b1 }", Assert.Throws<ArgumentException>(() => new GradientTable(0.1, (layer.weight, layer.bias))).Message, StringComparison.Ordinal);
        Assert.Contains("no numbers to show in none", Assert.Throws<ArgumentException>(() => new GradientTable(0.1, new { none = torch.zeros(0) })).Message, StringComparison.Ordinal);
    }

    private static torch.Tensor WithGradient(double[] values, double[] gradient)
    {
        var parameter = tensor(values, requires_grad: true);
        (parameter * tensor(gradient)).sum().backward();
        return parameter;
    }

    private static XElement Table(GradientTable table)
    {
        var html = table.ToHtml();
        return XElement.Parse(html[html.IndexOf("<table>", StringComparison.Ordinal)..html.IndexOf("</div>", StringComparison.Ordinal)]);
    }

    private static List<List<XElement>> Cells(GradientTable table) =>
        [.. Table(table).Element("tbody")!.Elements().Select(row => row.Elements().ToList())];

    private static IEnumerable<string> Column(GradientTable table, int index) => Cells(table).Select(row => row[index].Value);
}

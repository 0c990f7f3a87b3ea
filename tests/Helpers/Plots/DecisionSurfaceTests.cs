using System.Globalization;
using System.Xml.Linq;
using TorchSharp;
using static Tensors;
using Tensor = TorchSharp.torch.Tensor;

namespace Backprop.Tests;

/// <summary>The decision surface for all kinds of data and networks.</summary>
public sealed class DecisionSurfaceTests
{
    private readonly Tensor x = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
    private readonly Tensor y = tensor([0f, 1, 1, 0]);

    [Fact]
    public void Every_moment_has_samples_lines_and_a_description()
    {
        var net = new XorNetwork();
        var surface = new DecisionSurface(x, y);
        surface.Add("before", net.Forward, net.w1, net.b1);
        surface.Add("after", Ones, net.w1, net.b1);

        var panels = Figure(surface).Descendants("svg").ToList();
        Assert.Equal(2, panels.Count);
        Assert.All(panels, panel => Assert.Equal(4, Of(panel, "circle", "backprop-sample").Count()));
        Assert.Contains("before: (0, 0) 0.505, (0, 1) 0.51", (string?)panels[0].Attribute("aria-label"), StringComparison.Ordinal);
        Assert.Single(panels[1].Element("g")!.Elements());
        Assert.StartsWith("before: (0, 0) 0.505, (0, 1) 0.51", surface.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_axes_fit_the_samples_and_the_outputs_are_those_at_the_samples()
    {
        var (points, w, b) = (tensor([[-1, 0.2], [2, 0.3]]), tensor([[10.0], [0.0]]), tensor([-15.0]));
        var surface = new DecisionSurface(points, tensor([0f, 1]));
        surface.Add("known", q => sigmoid(matmul(q, w) + b), w, b);

        Assert.Equal("known: (-1, 0.2) 1.389e-11, (2, 0.3) 0.9933", surface.ToText());
        var panel = Figure(surface).Descendants("svg").Single();
        Assert.Equal(["-1", "0", "1", "2", "0.2", "0.25", "0.3"], panel.Elements("text").Where(text => text.Attribute("class") is null).Select(text => text.Value));
        // The line is at 1.5 on an axis from -1.3 to 2.3, in a picture of 260.
        Assert.Contains(panel.Elements("path"), path => path.Attribute("d")!.Value.StartsWith(string.Create(CultureInfo.InvariantCulture, $"M{260 * 2.8 / 3.6:0.#} "), StringComparison.Ordinal));
        Assert.All(Of(panel, "circle", "backprop-sample"), circle => Assert.InRange(Number(circle, "cx"), 9, 251));
    }

    [Theory]
    [InlineData(torch.ScalarType.Float32, torch.ScalarType.Float32)]
    [InlineData(torch.ScalarType.Float64, torch.ScalarType.Float64)]
    [InlineData(torch.ScalarType.Int64, torch.ScalarType.Float32)]
    [InlineData(torch.ScalarType.Byte, torch.ScalarType.Float32)]
    public void Samples_may_have_any_dtype_and_memory_layout(torch.ScalarType type, torch.ScalarType asked)
    {
        var seen = new HashSet<torch.ScalarType>();
        var surface = new DecisionSurface(x.to_type(type).t().contiguous().t(), y.to_type(type));
        surface.Add("now", points => { seen.Add(points.dtype); return points.sum(1) / 2; });

        Assert.Equal([asked], seen);
        Assert.Equal("now: (0, 0) 0, (0, 1) 0.5, (1, 0) 0.5, (1, 1) 1", surface.ToText());
    }

    [Fact]
    public void Outputs_may_have_shape_count_by_1()
    {
        var (flat, column) = (new DecisionSurface(x, y), new DecisionSurface(x, y.unsqueeze(1)));
        flat.Add("now", points => points.sum(1) / 2);
        column.Add("now", points => points.sum(1, keepdim: true) / 2);

        Assert.Equal(flat.ToHtml(), column.ToHtml());
    }

    [Fact]
    public void Class_probabilities_are_shown_as_colours()
    {
        var v = tensor([[1.0, -1.0], [0.5, 2.0]]);
        var surface = new DecisionSurface(x, y);
        surface.Add("softmax", q => torch.nn.functional.softmax(matmul(q, v), 1));

        Assert.Equal("softmax: (0, 0) [0.5, 0.5], (0, 1) [0.1824, 0.8176], (1, 0) [0.8808, 0.1192], (1, 1) [0.6225, 0.3775]", surface.ToText());
        Assert.Contains("Orange: class 0, blue: class 1", surface.ToHtml(), StringComparison.Ordinal);
        // In the top left corner x2 is large and the output is class 1, so the colour is mostly blue.
        Assert.Contains(Figure(surface).Descendants("g").First().Elements("path"), path => path.Attribute("d")!.Value.Contains("M0 0h", StringComparison.Ordinal) && Blue(path) > Red(path));
    }

    [Fact]
    public void Three_classes_have_three_colours()
    {
        var surface = new DecisionSurface(x, tensor([0f, 1, 2, 2]));
        surface.Add("now", points => torch.nn.functional.one_hot(points.sum(1).round().clamp(0, 2).to_type(torch.int64), 3).to_type(torch.float32));

        Assert.Equal(["#ea580c", "#2563eb", "#009e73", "#009e73"], Of(Figure(surface), "circle", "backprop-sample").Select(circle => circle.Attribute("fill")!.Value));
        Assert.Equal(3, Figure(surface).Descendants("g").First().Elements("path").Count());
    }

    [Fact]
    public void Weights_are_read_in_the_given_orientation()
    {
        var layer = torch.nn.Linear(2, 3);
        var rows = new[] { new DecisionSurface(x, y), new DecisionSurface(x, y), new DecisionSurface(x, y) };
        rows[0].Add("now", Ones, layer);
        rows[1].Add("now", Ones, layer.weight!, layer.bias, unitsFirst: true);
        rows[2].Add("now", Ones, layer.weight!.t(), layer.bias);

        Assert.Equal(rows[0].ToHtml(), rows[1].ToHtml());
        Assert.Equal(rows[0].ToHtml(), rows[2].ToHtml());
        Refused(surface => surface.Add("now", Ones, layer.weight!, layer.bias), "The weights have shape [3, 2]; they must be [2, units]", "Write unitsFirst: true");
        Refused(surface => surface.Add("now", Ones, torch.nn.Linear(2, 2).weight!, null), "can be read in two ways", "unitsFirst: true");
        Refused(surface => surface.Add("now", Ones, torch.ones(2, 3), torch.ones(2)), "The biases have shape [2]", "must be [3]");
        Refused(surface => surface.Add("now", Ones, torch.ones(5, 4), torch.ones(4)), "The weights have shape [5, 4]; they must be [2, units]");
    }

    [Fact]
    public void Outputs_of_the_wrong_shape_are_an_error_that_names_the_expected_one()
    {
        Refused(surface => surface.Add("now", _ => torch.ones(7)), "output has shape [7]", "must be [4] or [4, 1]");
        Refused(surface => surface.Add("now", points => points.sum()), "output has shape []");
        Refused(surface => surface.Add("now", points => points.unsqueeze(2)), "output has shape [4, 2, 1]");
        Refused(surface => surface.Add("now", points => points), "output has shape [4, 2]", "add up to 1", "softmax");
        Refused(surface => surface.Add("now", points => torch.ones(points.shape[0], 20) / 20), "output has shape [4, 20]", "up to 8 classes");
        Refused(surface => surface.Add("now", points => torch.mm(points, torch.ones(3, 1))), "does not take points of shape [4, 2] and type float32");
        var other = new DecisionSurface(x, y * 5);
        Assert.Contains("0 to 1; they range from 0 to 5", Assert.Throws<ArgumentException>(() => other.Add("now", points => torch.ones(points.shape[0], 2) / 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_of_the_wrong_shape_are_an_error_that_names_the_expected_one()
    {
        Assert.Contains("The samples have shape [4, 3]", Message(torch.ones(4, 3), y), StringComparison.Ordinal);
        Assert.Contains("The samples have shape [4]", Message(torch.ones(4), y), StringComparison.Ordinal);
        Assert.Contains("The samples have shape [0, 2]", Message(torch.ones(0, 2), y), StringComparison.Ordinal);
        Assert.Contains("The labels have shape [5]; for samples of shape [4, 2] they must be [4] or [4, 1]", Message(x, torch.ones(5)), StringComparison.Ordinal);
        Assert.Contains("For one-hot labels, pass y.argmax(1).", Message(x, torch.ones(4, 3)), StringComparison.Ordinal);
        Assert.Contains("nan or an infinite number", Message(x * float.NaN, y), StringComparison.Ordinal);
        Assert.Contains("y has no value yet. Run the data cell first", Message(x, null!), StringComparison.Ordinal);
    }

    [Fact]
    public void The_colours_span_the_range_of_the_labels()
    {
        var surface = new DecisionSurface(x, y * 2 - 1);
        surface.Add("now", points => points.sum(1) - 1);

        Assert.Contains("Orange: nearer to -1, blue: nearer to 1.", surface.ToHtml(), StringComparison.Ordinal);
        Assert.Equal(["-1", "1", "1", "-1"], Of(Figure(surface), "text", "backprop-sample").Select(text => text.Value));
    }

    [Fact]
    public void Values_without_a_colour_of_their_own_are_mentioned()
    {
        var surface = new DecisionSurface(x, y);
        surface.Add("now", points => points.sum(1) * 10);
        var gone = new DecisionSurface(x, y);
        gone.Add("now", points => points.sum(1) * float.NaN);

        Assert.Contains("those below 0 or above 1 are coloured like 0 or 1.", surface.ToHtml(), StringComparison.Ordinal);
        Assert.Contains("Grey: nan.", gone.ToHtml(), StringComparison.Ordinal);
        Assert.StartsWith("now: (0, 0) nan", gone.ToText(), StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", gone.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_samples_and_moments_stay_readable()
    {
        var points = torch.rand(3000, 2);
        var surface = new DecisionSurface(points, (points.sum(1) > 1).to_type(torch.int64));
        for (var epoch = 0; epoch < 100; epoch++)
        {
            surface.Add($"epoch {epoch}", at => (at.sum(1) > 1).to_type(torch.float32), torch.randn(2, 64), torch.randn(64));
        }

        var figure = Figure(surface);
        Assert.Equal(12, figure.Descendants("svg").Count());
        Assert.Equal(12 * 400, Of(figure, "circle", "backprop-sample").Count());
        Assert.Contains("12 of 100 moments are shown.", surface.ToHtml(), StringComparison.Ordinal);
        Assert.Contains("of 64 units the first 12", surface.ToHtml(), StringComparison.Ordinal);
        Assert.Contains("400 of the 3000 samples", surface.ToHtml(), StringComparison.Ordinal);
        Assert.InRange(surface.ToHtml().Length, 100_000, 900_000);
        Assert.StartsWith("epoch 0: (", surface.ToText(), StringComparison.Ordinal);
        Assert.Contains("2996 more; 3000 of 3000 right", surface.ToText(), StringComparison.Ordinal);
        Assert.EndsWith("… 88 of 100 moments left out", surface.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_surface_without_a_moment_is_an_error() =>
        Assert.Contains("Call Add first", Assert.Throws<InvalidOperationException>(() => new DecisionSurface(x, y).ToHtml()).Message, StringComparison.Ordinal);

    private static Tensor Ones(Tensor points) => torch.ones(points.shape[0], 1);

    private static string Message(Tensor x, Tensor y) => Assert.Throws<ArgumentException>(() => new DecisionSurface(x, y)).Message;

    private static XElement Figure(DecisionSurface surface) =>
        XElement.Parse(surface.ToHtml().Replace("<script>", "<script><![CDATA[", StringComparison.Ordinal).Replace("</script>", "]]></script>", StringComparison.Ordinal));

    private static IEnumerable<XElement> Of(XElement within, string name, string kind) =>
        within.Descendants(name).Where(element => (string?)element.Attribute("class") == kind);

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static int Red(XElement path) => Convert.ToInt32(path.Attribute("fill")!.Value[1..3], 16);

    private static int Blue(XElement path) => Convert.ToInt32(path.Attribute("fill")!.Value[5..7], 16);

    private void Refused(Action<DecisionSurface> add, params string[] saying)
    {
        var message = Assert.Throws<ArgumentException>(() => add(new DecisionSurface(x, y))).Message;
        Assert.All(saying, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }
}

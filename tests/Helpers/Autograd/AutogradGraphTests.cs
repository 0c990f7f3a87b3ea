using System.Xml.Linq;
using static Tensors;
using Tensor = TorchSharp.torch.Tensor;

namespace Backprop.Tests;

/// <summary>The graph as a value and as a picture; that it is PyTorch's is tested with <see cref="GradFnTests"/>.</summary>
public class AutogradGraphTests
{
    private readonly Tensor w = tensor([1f, -2f], requires_grad: true);

    [Fact]
    public void Named_tensors_show_name_shape_and_value()
    {
        var h = relu(w);
        var graph = new AutogradGraph(h.sum(), new { h, w });

        var hidden = Assert.Single(graph.Nodes, node => node.Name == "h");
        Assert.Equal(("ReluBackward0", "[1., 0.]", null), (hidden.Operation, hidden.Value, hidden.Gradient));
        Assert.Equal([2], hidden.Shape);
        var leaf = Assert.Single(graph.Nodes, node => node.Name == "w");
        Assert.Equal(("AccumulateGrad", "[ 1., -2.]"), (leaf.Operation, leaf.Value));
    }

    [Fact]
    public void After_backward_leaves_and_named_intermediates_show_their_gradients()
    {
        var h = relu(w);
        var sum = (h * 3).sum();
        _ = new AutogradGraph(sum, new { h, w });

        sum.backward();

        var graph = new AutogradGraph(sum, new { h, w });
        Assert.Equal("[3., 3.]", graph.Nodes.Single(node => node.Name == "h").Gradient);
        Assert.Equal("[3., 0.]", graph.Nodes.Single(node => node.Name == "w").Gradient);
    }

    [Fact]
    public void A_node_that_is_reached_twice_is_there_once()
    {
        var h = relu(w);
        var graph = new AutogradGraph((h * h + h).sum(), new { h });

        Assert.Single(graph.Nodes, node => node.Operation == "ReluBackward0");
        var at = graph.Nodes.Index().Single(entry => entry.Item.Operation == "ReluBackward0").Index;
        Assert.Equal(3, graph.Edges.Count(edge => edge.To == at));
    }

    [Fact]
    public void A_graph_of_a_thousand_steps_is_read_whole_and_not_drawn()
    {
        var t = w;
        for (var i = 0; i < 1000; i++)
        {
            t = t * w;
        }

        var graph = new AutogradGraph(t, new { w });

        Assert.Equal(1001, graph.Nodes.Count);
        Assert.Equal(2000, graph.Edges.Count);
        Assert.Contains("1001 operations, too many to draw", graph.ToText(), StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", graph.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_came_from_no_operation_is_refused()
    {
        Assert.Contains("requires_grad: true", Assert.Throws<ArgumentException>(() => new AutogradGraph(w, new { w })).Message, StringComparison.Ordinal);
        Assert.Contains("n is no tensor", Assert.Throws<ArgumentException>(() => new AutogradGraph(relu(w), new { n = 1 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_picture_is_sound_has_a_description_and_overlaps_nothing()
    {
        var h = relu(w);
        var html = new AutogradGraph((h * h + w).sum(), new { h, w }).ToHtml();

        var svg = XElement.Parse(html).Element("svg")!;
        Assert.Equal("img", (string?)svg.Attribute("role"));
        Assert.Contains("down to w", (string?)svg.Attribute("aria-label"), StringComparison.Ordinal);
        var boxes = svg.Elements("rect").Select(rect => (X: (double)rect.Attribute("x")!, Y: (double)rect.Attribute("y")!, W: (double)rect.Attribute("width")!, H: (double)rect.Attribute("height")!)).ToList();
        Assert.Equal(5, boxes.Count);
        foreach (var (a, b) in from i in Enumerable.Range(0, boxes.Count) from j in Enumerable.Range(i + 1, boxes.Count - i - 1) select (boxes[i], boxes[j]))
        {
            Assert.True(a.X + a.W < b.X || b.X + b.W < a.X || a.Y + a.H < b.Y || b.Y + b.H < a.Y);
        }
    }
}

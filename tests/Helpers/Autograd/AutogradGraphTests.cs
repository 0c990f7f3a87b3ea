using System.Xml.Linq;
using TorchSharp;
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
        Assert.Contains("Run the cell that computes it first", Assert.Throws<ArgumentException>(() => new AutogradGraph(null!)).Message, StringComparison.Ordinal);
        Assert.Contains("n is not a tensor", Assert.Throws<ArgumentException>(() => new AutogradGraph(relu(w), new { n = 1 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_results_of_one_operation_have_their_names_and_their_own_numbers()
    {
        var z = torch.ones(2, 2).requires_grad_();
        var parts = (z * tensor([1f, 2f])).unbind(0);
        var (upper, lower) = (parts[0], parts[1]);
        var total = (upper * lower * 3).sum();
        _ = new AutogradGraph(total, new { upper, lower });

        total.backward();

        var node = Assert.Single(new AutogradGraph(total, new { upper, lower, z }).Nodes, node => node.Operation == "UnbindBackward0");
        Assert.Equal(["upper, lower · UnbindBackward0", "upper: [1., 2.]  [2]", "upper: grad [3., 6.]", "lower: [1., 2.]  [2]", "lower: grad [3., 6.]"], node.Lines);
    }

    [Fact]
    public void One_tensor_may_have_two_names()
    {
        var h = relu(w);
        var hidden = h;

        Assert.Equal("h = hidden · ReluBackward0", new AutogradGraph(h.sum(), new { h, hidden }).Nodes[1].Lines[0]);
        Assert.Equal("[ 1., -2.]", new AutogradGraph(h.sum(), new { w, again = w }).Nodes[2].Value);
    }

    [Fact]
    public void The_shape_is_always_there_and_numbers_and_gradients_where_they_are_few()
    {
        var W = torch.ones(4, 4).requires_grad_();
        var scale = torch.ones([], torch.float64).requires_grad_();
        var l = (W * scale).sum() * -2;
        l.backward();

        var nodes = new AutogradGraph(l, new { l, W, scale }).Nodes;
        Assert.Equal(["W · AccumulateGrad", "shape [4, 4]", "grad of 16 numbers up to ±2"], nodes.Single(node => node.Name == "W").Lines);
        Assert.Equal(["scale · AccumulateGrad", "1.  []", "grad -32."], nodes.Single(node => node.Name == "scale").Lines);
    }

    [Fact]
    public void Names_come_in_every_form_that_a_student_writes()
    {
        var layer = torch.nn.Linear(2, 1);
        var loss = layer.forward(torch.ones(3, 2)).sum();

        Assert.All(
            new[] { new AutogradGraph(loss, layer.named_parameters()), new AutogradGraph(loss, layer), new AutogradGraph(loss, new Dictionary<string, Tensor> { ["weight"] = layer.weight!, ["bias"] = layer.bias! }) },
            graph => Assert.Equal(["bias", "weight"], graph.Nodes.Select(node => node.Name).OfType<string>().Order()));
        Assert.All(new AutogradGraph(loss).Nodes, node => Assert.Null(node.Name));
        Assert.Contains("Write new { w1, b1 }", Assert.Throws<ArgumentException>(() => new AutogradGraph(loss, new { })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_tensor_that_is_not_in_the_graph_is_spoken_of()
    {
        var alone = tensor([1f], requires_grad: true);
        var graph = new AutogradGraph(relu(w), new { w, alone });

        Assert.Equal(["alone"], graph.NotInIt);
        Assert.Contains("\nNot in this graph, so no gradient flows to it: alone.\n", graph.ToText(), StringComparison.Ordinal);
        Assert.Contains("<p>Not in this graph, so no gradient flows to it: alone.</p>", graph.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_that_is_too_large_to_draw_is_summed_up()
    {
        var t = w;
        for (var i = 0; i < 100; i++)
        {
            t = (t * w).tanh();
        }

        var text = new AutogradGraph(t, new { t, w }).ToText();

        Assert.Contains("This graph has 201 operations", text, StringComparison.Ordinal);
        Assert.Contains("The longest path down from t · TanhBackward0 has 200 steps. Leaves: w.", text, StringComparison.Ordinal);
        Assert.Matches("(?m)^MulBackward0 +100$", text);
        Assert.Matches("(?m)^AccumulateGrad +1$", text);
    }

    [Fact]
    public void Every_node_and_edge_is_a_group_of_its_own_and_nothing_has_an_id()
    {
        var h = relu(w);
        var sum = (h * h).sum();
        sum.backward();
        var graph = new AutogradGraph(sum, new { h, w });
        var html = graph.ToHtml();
        var groups = XElement.Parse(html).Descendants("g").ToLookup(group => (string)group.Attribute("class")!);

        Assert.Equal(Enumerable.Range(0, 4), groups["backprop-node"].Select(group => (int)group.Attribute("data-node")!));
        Assert.Equal(graph.Edges, groups["backprop-edge"].Select(group => new AutogradGraph.Edge((int)group.Attribute("data-from")!, (int)group.Attribute("data-to")!)));
        Assert.Equal(["grad [2., 0.]"], groups["backprop-node"].Last().Elements("text").Where(text => (string?)text.Attribute("class") == "backprop-gradient").Select(text => text.Value));
        Assert.DoesNotMatch(@"\sid=", html);
    }

    [Fact]
    public void The_picture_has_a_description()
    {
        var h = relu(w);
        var svg = XElement.Parse(new AutogradGraph((h * h + w).sum(), new { h, w }).ToHtml()).Descendants("svg").Single();

        Assert.Equal("img", (string?)svg.Attribute("role"));
        Assert.Contains("down to w", (string?)svg.Attribute("aria-label"), StringComparison.Ordinal);
    }
}

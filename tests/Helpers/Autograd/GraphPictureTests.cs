using TorchSharp;
using static Tensors;
using Tensor = TorchSharp.torch.Tensor;

namespace Backprop.Tests;

/// <summary>Pictures of graphs, checked by where their arrows really run.</summary>
public sealed class GraphPictureTests
{
    public static TheoryData<string> Networks() => [.. Roots.Keys];

    private static Dictionary<string, Func<(Tensor Root, object Named)>> Roots { get; } = new()
    {
        ["the lesson's"] = TheLesson,
        ["three ways to one leaf"] = ThreeWays,
        ["three layers"] = ThreeLayers,
        ["recurrent, three steps"] = Recurrent,
        ["an LSTM cell"] = Lstm,
        ["a residual block"] = Residual,
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void No_arrow_of_a_network_is_hidden_or_runs_through_anything(string name)
    {
        var (root, named) = Roots[name]();
        root.sum().backward();
        var graph = new AutogradGraph(root, named);

        Assert.Empty(new DrawnGraph(graph.ToHtml()).Faults(graph));
    }

    [Fact]
    public void No_arrow_of_random_graphs_is_hidden_or_runs_through_anything()
    {
        var drawn = 0;
        for (var seed = 0; drawn < 320; seed++)
        {
            using var scope = torch.NewDisposeScope();
            var (root, named) = AtRandom(new Random(seed));
            var graph = new AutogradGraph(root, named);
            if (graph.Nodes.Count > AutogradGraph.Drawable)
            {
                continue;
            }

            drawn++;
            var faults = new DrawnGraph(graph.ToHtml()).Faults(graph).Take(3).ToList();
            Assert.True(faults.Count == 0, $"Seed {seed}, {graph.Nodes.Count} nodes: {string.Join("; ", faults)}");
        }
    }

    [Fact]
    public void A_chain_is_a_straight_column()
    {
        var w = torch.ones(1, requires_grad: true);
        var html = new AutogradGraph(w.exp().tanh().exp().sum(), new { w }).ToHtml();

        Assert.DoesNotMatch(@"d=""M[^""]*C", html);
    }

    [Fact]
    public void The_checker_sees_what_is_wrong()
    {
        var (root, named) = ThreeWays();
        var graph = new AutogradGraph(root, named);
        var html = graph.ToHtml();
        var aside = html.Replace("<rect x=\"", "<rect x=\"9", StringComparison.Ordinal);
        var gone = html[..html.IndexOf("<g class=\"backprop-edge\"", StringComparison.Ordinal)] + html[(html.IndexOf("</g>", StringComparison.Ordinal) + 4)..];
        var straight = System.Text.RegularExpressions.Regex.Replace(html, "(?<= d=\"M[^\"]*)C[^V\"]*", "");

        Assert.Contains(new DrawnGraph(aside).Faults(graph), fault => fault.Contains("cut off", StringComparison.Ordinal));
        Assert.Contains(new DrawnGraph(gone).Faults(graph), fault => fault.Contains("not every edge", StringComparison.Ordinal));
        Assert.Contains(new DrawnGraph(straight).Faults(graph), fault => fault.Contains("does not end", StringComparison.Ordinal));
    }

    private static (Tensor, object) TheLesson()
    {
        var (x, y, net) = (tensor([0.0, 0.0]), tensor([0.0]), new XorNetwork());
        var product1 = matmul(x, net.w1);
        var sum1 = product1 + net.b1;
        var hidden = relu(sum1);
        var answer = sigmoid(matmul(hidden, net.w2) + net.b2);
        var error = (y - answer).pow(2);
        return (error, new { error, answer, hidden, sum1, product1, net.w1, net.b1, net.w2, net.b2 });
    }

    private static (Tensor, object) ThreeWays()
    {
        var q = torch.tensor(3.0f, requires_grad: true);
        var sq = q * q;
        var r = sq + q;
        return (r, new { r, sq, q });
    }

    private static (Tensor, object) ThreeLayers()
    {
        var (w1, b1, w2, b2, w3, b3) = (Parameter(2, 5), Parameter(5), Parameter(5, 4), Parameter(4), Parameter(4, 2), Parameter(2));
        var h1 = (matmul(torch.randn(3, 2), w1) + b1).tanh();
        var h2 = (matmul(h1, w2) + b2).tanh();
        var scores = matmul(h2, w3) + b3;
        var loss = torch.nn.functional.cross_entropy(scores, torch.tensor(new long[] { 0, 1, 1 }));
        return (loss, new { loss, scores, h2, h1, w1, b1, w2, b2, w3, b3 });
    }

    private static (Tensor, object) Recurrent()
    {
        var (wi, wh, b, h0) = (Parameter(3, 4), Parameter(4, 4), Parameter(4), Parameter(1, 4));
        var (h, loss) = (h0, torch.zeros(1));
        for (var step = 0; step < 3; step++)
        {
            h = (matmul(torch.randn(1, 3), wi) + matmul(h, wh) + b).tanh();
            loss = loss + h.pow(2).sum();
        }

        return (loss, new { loss, h, wi, wh, b, h0 });
    }

    private static (Tensor, object) Lstm()
    {
        var (wi, wh, b, h0, c0) = (Parameter(3, 16), Parameter(4, 16), Parameter(16), Parameter(1, 4), Parameter(1, 4));
        var gates = (matmul(torch.randn(1, 3), wi) + matmul(h0, wh) + b).chunk(4, 1);
        var (i, f, g, o) = (gates[0].sigmoid(), gates[1].sigmoid(), gates[2].tanh(), gates[3].sigmoid());
        var c = f * c0 + i * g;
        var h = o * c.tanh();
        return (h, new { h, c, i, f, g, o, input = gates[0], forget = gates[1], wi, wh, b, h0, c0 });
    }

    private static (Tensor, object) Residual()
    {
        var (w1, w2, x) = (Parameter(4, 4), Parameter(4, 4), Parameter(2, 4));
        var inner = matmul(relu(matmul(x, w1)), w2);
        var answer = relu(inner + x);
        return (answer, new { answer, inner, w1, w2, x });
    }

    // Sums, products, functions of one and results of several, each of anything that is there already: long edges, many between two nodes, wide nodes.
    private static (Tensor, object) AtRandom(Random random)
    {
        var leaves = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Parameter(2, 2)).ToList();
        var made = leaves.ToList();
        var named = leaves.Select((leaf, i) => ($"leaf{i}", leaf)).ToList();
        for (var step = random.Next(1, 36); step > 0; step--)
        {
            // What was made last more often, so that graphs get deep.
            Tensor Any() => random.Next(3) == 0 ? made[random.Next(made.Count)] : made[^Math.Min(made.Count, random.Next(1, 4))];
            switch (random.Next(6))
            {
                case 0: made.Add(Any() + Any()); break;
                case 1: made.Add(Any() * Any()); break;
                case 2: made.Add(Any().tanh()); break;
                case 3: made.Add(torch.cat([.. Enumerable.Range(0, random.Next(2, 9)).Select(_ => Any())], 0).mean([0], true).expand(2, 2)); break;
                case 4: var parts = Any().unbind(0); made.Add(torch.stack([parts[0], parts[1], parts[0]], 0).narrow(0, 0, 2)); break;
                default: made.Add(torch.mm(Any(), Any())); break;
            }

            if (random.Next(3) == 0)
            {
                named.Add(($"made{step}", made[^1]));
            }
        }

        var root = (made[^1] + made[random.Next(made.Count)]).sum();
        return (root, named);
    }

    private static Tensor Parameter(params long[] shape) => torch.randn(shape).requires_grad_();
}

using System.Text.RegularExpressions;
using TorchSharp;
using static Tensors;
using Tensor = TorchSharp.torch.Tensor;

namespace Backprop.Tests;

/// <summary>The two passes step by step: every line of the lesson's graph, and every rule against autograd.</summary>
public sealed partial class GraphStepsTests
{
    // Each operation with a rule, of one or two inputs.
    private static readonly Dictionary<string, (string Operation, Func<Tensor, Tensor, Tensor> Compute)> Operations = new()
    {
        ["a + b"] = ("AddBackward0", (a, b) => a + b),
        ["a + 1.5"] = ("AddBackward1", (a, _) => a + 1.5),
        ["a − b"] = ("SubBackward0", (a, b) => a - b),
        ["a − 1.5"] = ("SubBackward1", (a, _) => a - 1.5),
        ["a × b"] = ("MulBackward0", (a, b) => a * b),
        ["a × 3"] = ("MulBackward1", (a, _) => a * 3),
        ["a / b"] = ("DivBackward0", (a, b) => a / b),
        ["a / 4"] = ("DivBackward1", (a, _) => a / 4),
        ["−a"] = ("NegBackward0", (a, _) => -a),
        ["1 / a"] = ("ReciprocalBackward0", (a, _) => a.reciprocal()),
        ["a²"] = ("PowBackward0", (a, _) => a.pow(2)),
        ["a³"] = ("PowBackward0", (a, _) => a.pow(3)),
        ["√b"] = ("SqrtBackward0", (_, b) => b.sqrt()),
        ["exp"] = ("ExpBackward0", (a, _) => a.exp()),
        ["log"] = ("LogBackward0", (_, b) => b.log()),
        ["sigmoid"] = ("SigmoidBackward0", (a, _) => a.sigmoid()),
        ["tanh"] = ("TanhBackward0", (a, _) => a.tanh()),
        ["sin"] = ("SinBackward0", (a, _) => a.sin()),
        ["cos"] = ("CosBackward0", (a, _) => a.cos()),
        ["abs"] = ("AbsBackward0", (a, _) => a.abs()),
        ["leaky relu"] = ("LeakyReluBackward0", (a, _) => torch.nn.functional.leaky_relu(a, 0.2)),
        ["leaky relu of positive numbers"] = ("LeakyReluBackward0", (_, b) => torch.nn.functional.leaky_relu(b, 0.2)),
        ["relu"] = ("ReluBackward0", (a, _) => a.relu()),
        ["mm"] = ("MmBackward0", (a, b) => a.mm(b)),
        ["addmm"] = ("AddmmBackward0", (a, b) => torch.addmm(torch.linspace(0.5, 2, 4).reshape(2, 2), a, b, 1, 1)),
        ["transpose"] = ("TransposeBackward0", (a, _) => a.transpose(0, 1)),
        ["t"] = ("TBackward0", (a, _) => a.t()),
        ["unsqueeze"] = ("UnsqueezeBackward0", (a, _) => a.unsqueeze(0)),
        ["squeeze"] = ("SqueezeBackward0", (a, _) => a.squeeze()),
        ["view"] = ("ViewBackward0", (a, _) => a.view(4)),
        ["sum"] = ("SumBackward0", (a, _) => a.sum()),
        ["mean"] = ("MeanBackward0", (a, _) => a.mean()),
        ["sum of columns"] = ("SumBackward1", (a, _) => a.sum(0L)),
        ["sum of rows, keeping the dimension"] = ("SumBackward1", (a, _) => a.sum(1, keepdim: true)),
        ["mean of columns"] = ("MeanBackward1", (a, _) => a.mean([0])),
        ["mean of rows, keeping the dimension"] = ("MeanBackward1", (a, _) => a.mean([1], keepdim: true)),
        ["softmax"] = ("SoftmaxBackward0", (a, _) => a.softmax(1)),
        ["mse"] = ("MseLossBackward0", (a, b) => torch.nn.functional.mse_loss(a, b)),
        ["log-softmax"] = ("LogSoftmaxBackward0", (a, _) => torch.nn.functional.log_softmax(a, 1)),
        ["nll"] = ("NllLossBackward0", (a, _) => torch.nn.functional.nll_loss(a, torch.tensor(new long[] { 1, 0 }))),
    };

    public static TheoryData<string> Names() => [.. Operations.Keys];

    [Fact]
    public void Every_line_of_the_lessons_graph_is_what_happens()
    {
        var (graph, _) = TheLessons();

        Assert.Equal(
            [
                "error · PowBackward0: 1 × 2 × (-0.5050) = -1.0100",
                "difference · SubBackward0: for answer: -1 × (-1.0100) = 1.0100",
                "answer · SigmoidBackward0: 1.0100 × 0.5050 × (1 − 0.5050) = 0.2525",
                "sum2 · AddBackward0: 0.2525, for product2 and for b2",
                "b2 · AccumulateGrad: adds 0.2525 to b2.grad, which now holds 0.2525",
                "product2 · SqueezeBackward4: 0.2525",
                "MmBackward0: for hidden: gradient · w2ᵀ = 0.2525 · [[0.1000], [-0.4000]]ᵀ = [[0.0252, -0.1010]]; for w2: hiddenᵀ · gradient = [[0.2000, 0.0000]]ᵀ · 0.2525 = [[0.0505], [0.0000]]",
                "w2 · AccumulateGrad: adds [[0.0505], [0.0000]] to w2.grad, which now holds [[0.0505], [0.0000]]",
                "UnsqueezeBackward0: [[0.0252, -0.1010]] as [0.0252, -0.1010]",
                "hidden · ReluBackward0: [0.0252, -0.1010] × [1, 0] = [0.0252, 0.0000]",
                "sum1 · AddBackward0: [0.0252, 0.0000], for product1 and for b1",
                "b1 · AccumulateGrad: adds [0.0252, 0.0000] to b1.grad, which now holds [0.0252, 0.0000]",
                "product1 · SqueezeBackward4: [0.0252, 0.0000] as [[0.0252, 0.0000]]",
                "MmBackward0: for w1: sampleᵀ · gradient = [[0, 0]]ᵀ · [[0.0252, 0.0000]] = [[0, 0], [0, 0]]",
                "w1 · AccumulateGrad: adds [[0, 0], [0, 0]] to w1.grad, which now holds [[0, 0], [0, 0]]",
            ],
            graph.Backward.Select(step => step.Says));
        Assert.Equal(
            [
                "MmBackward0: sample · w1 = [[0, 0]] · [[0.1000, 0.3000], [0.2000, 0.1000]] = [[0, 0]]",
                "product1 · SqueezeBackward4: [[0, 0]] as [0, 0]",
                "sum1 · AddBackward0: [0, 0] + [0.2000, -0.2000] = [0.2000, -0.2000]",
                "hidden · ReluBackward0: max(0, [0.2000, -0.2000]) = [0.2000, 0.0000]",
                "UnsqueezeBackward0: [0.2000, 0.0000] as [[0.2000, 0.0000]]",
                "MmBackward0: hidden · w2 = [[0.2000, 0.0000]] · [[0.1000], [-0.4000]] = 0.0200",
                "product2 · SqueezeBackward4: 0.0200",
                "sum2 · AddBackward0: 0.0200 + 0 = 0.0200",
                "answer · SigmoidBackward0: 1 / (1 + e^−0.0200) = 0.5050",
                "difference · SubBackward0: 0 − 0.5050 = -0.5050",
                "error · PowBackward0: (-0.5050)² = 0.2550",
            ],
            graph.Forward.Select(step => step.Says));
    }

    [Fact]
    public void Every_gradient_in_the_lines_is_autograds()
    {
        var (graph, _) = TheLessons();

        foreach (var edge in graph.Edges.Where(edge => graph.Nodes[edge.To].Gradient is not null))
        {
            Assert.Contains(Plain(graph.Nodes[edge.To].Gradient!), graph.Backward[edge.From].Says, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_rule_gives_the_gradient_that_autograd_gives(string name)
    {
        using var scope = torch.NewDisposeScope();
        var (operation, compute) = Operations[name];
        var a = tensor([[0.5, -1.5], [2.0, 0.25]], requires_grad: true);
        var b = tensor([[1.5, 0.5], [3.0, 2.0]], requires_grad: true);
        var result = compute(a, b);
        var weights = torch.linspace(0.5, 2, result.numel()).reshape(result.shape);
        var loss = (result * weights).sum();
        var y = torch.tensor(new long[] { 1, 0 });
        _ = new AutogradGraph(loss, new { loss, result, a, b, y, weights });
        loss.backward();

        var graph = new AutogradGraph(loss, new { loss, result, a, b, y, weights });

        var step = Assert.Single(graph.Backward, step => step.Says.StartsWith($"result · {operation}: ", StringComparison.Ordinal));
        Assert.NotEqual("", step.Rule);
        Assert.DoesNotContain(" not ", step.Says, StringComparison.Ordinal);
        Assert.All(new[] { ("a", a), ("b", b) }.Where(leaf => leaf.Item2.grad is not null), leaf =>
        {
            var kept = Assert.Single(graph.Backward, kept => kept.Says.StartsWith($"{leaf.Item1} · AccumulateGrad: ", StringComparison.Ordinal));
            var numbers = Kept().Match(kept.Says);
            Assert.Equal(numbers.Groups["held"].Value, numbers.Groups["added"].Value);
            Assert.Contains(numbers.Groups["added"].Value, step.Says, StringComparison.Ordinal);
        });
        Assert.Contains(graph.Forward, step => step.Says.StartsWith($"result · {operation}: ", StringComparison.Ordinal) && !step.Says.Contains("not known", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_rule_is_tested_but_those_of_other_shapes()
    {
        var others = new[] { "RsubBackward1", "MvBackward0", "DotBackward0", "SqueezeBackward1", "SqueezeBackward2", "SqueezeBackward3", "SqueezeBackward4", "BinaryCrossEntropyBackward0", "BinaryCrossEntropyWithLogitsBackward0" };

        Assert.Equal(OperationRule.Known.Order(StringComparer.Ordinal), Operations.Values.Select(entry => entry.Operation).Distinct().Concat(others).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Products_with_vectors_have_rules_too()
    {
        using var scope = torch.NewDisposeScope();
        var (m, v) = (tensor([[1.0, 2], [3, 4]], requires_grad: true), tensor([1.0, -1], requires_grad: true));
        var loss = matmul(matmul(m, v), v);
        loss.backward();

        var steps = new AutogradGraph(loss, new { loss, m, v }).Backward.Select(step => step.Says).ToList();

        Assert.Equal("loss · DotBackward0: for no. 2: 1 × [1, -1] = [1, -1]; for v: 1 × [-1, -1] = [-1, -1]", steps[0]);
        Assert.Equal("MvBackward0: for m: gradient · vᵀ = [1, -1] · [1, -1]ᵀ = [[1, -1], [-1, 1]]; for v: mᵀ · gradient = [[1, 2], [3, 4]]ᵀ · [1, -1] = [-2, -2], in total [-3, -3]", steps[1]);
        Assert.Contains("v · AccumulateGrad: adds [-3, -3] to v.grad, which now holds [-3, -3]", steps);
    }

    [Fact]
    public void A_gradient_for_what_was_used_for_every_row_is_added_up()
    {
        using var scope = torch.NewDisposeScope();
        var (a, b) = (tensor([[1.0, 2], [3, 4]], requires_grad: true), tensor([0.5, -0.5], requires_grad: true));
        var sum = a + b;
        var loss = sum.pow(2).sum();
        loss.backward();

        var graph = new AutogradGraph(loss, new { loss, sum, a, b });

        Assert.Contains("sum · AddBackward0: for a: [[3, 3], [7, 7]]; for b: sum of [[3, 3], [7, 7]] = [10, 10]", graph.Backward.Select(step => step.Says));
    }

    [Fact]
    public void Values_without_names_are_computed_where_they_lead_to_the_result()
    {
        using var scope = torch.NewDisposeScope();
        var (w, x, y) = (tensor([[2.0], [-1.0]], requires_grad: true), tensor([[1.0, 0.0], [1.0, 1.0]]), tensor([1.0, 3.0]));
        var loss = mean((y - matmul(x, w).squeeze()).pow(2));
        loss.backward();

        Assert.Equal(
            [
                "loss · MeanBackward0: 1 / 2 = [0.5000, 0.5000]",
                "PowBackward0: [0.5000, 0.5000] × 2 × [-1, 2] = [-1, 2]",
                "SubBackward0: for no. 4: -1 × [-1, 2] = [1, -2]",
                "SqueezeBackward0: [1, -2] as [[1], [-2]]",
                "MmBackward0: for w: xᵀ · gradient = [[1, 0], [1, 1]]ᵀ · [[1], [-2]] = [[-1], [-2]]",
                "w · AccumulateGrad: adds [[-1], [-2]] to w.grad, which now holds [[-1], [-2]]",
            ],
            new AutogradGraph(loss, new { loss, w, x, y }).Backward.Select(step => step.Says));
        Assert.All(new AutogradGraph(loss, new { loss, w }).Backward.SkipLast(1), step => Assert.Contains("it does not follow from the known numbers", step.Says, StringComparison.Ordinal));
    }

    [Fact]
    public void What_accumulates_is_told_from_what_is_added()
    {
        using var scope = torch.NewDisposeScope();
        var w = tensor([3.0], requires_grad: true);
        w.pow(2).backward();
        var loss = w.pow(2);
        loss.backward();

        Assert.Contains("w · AccumulateGrad: adds 6 to w.grad, which now holds 12", new AutogradGraph(loss, new { loss, w }).Backward.Select(step => step.Says));
    }

    [Fact]
    public void A_network_of_ready_made_layers_with_a_ready_made_loss_is_followed_to_its_leaves()
    {
        using var scope = torch.NewDisposeScope();
        var (x, y) = (tensor([[1.0, 2], [0, -1]]), tensor([[1.0], [0.0]]));
        var (layer, slope) = (torch.nn.Linear(2, 1), tensor([[0.5, 0.25]]));
        using (torch.no_grad())
        {
            layer.weight.copy_(slope);
            layer.bias!.fill_(0.5);
        }

        var answer = layer.forward(x);
        var loss = torch.nn.functional.mse_loss(answer, y);
        loss.backward();

        var graph = new AutogradGraph(loss, new { loss, answer, w = layer.weight, b = layer.bias, x, y });

        Assert.Equal(
            [
                "loss · MseLossBackward0: for answer: gradient × 2 × (answer − y) / 2 = 1 × 2 × ([[1.5000], [0.2500]] − [[1], [0]]) / 2 = [[0.5000], [0.2500]]",
                "answer · AddmmBackward0: for b: sum of [[0.5000], [0.2500]] = 0.7500; for no. 4: xᵀ · gradient = [[1, 2], [0, -1]]ᵀ · [[0.5000], [0.2500]] = [[0.5000], [0.7500]]",
                "b · AccumulateGrad: adds 0.7500 to b.grad, which now holds 0.7500",
                "TBackward0: [[0.5000], [0.7500]]ᵀ = [[0.5000, 0.7500]]",
                "w · AccumulateGrad: adds [[0.5000, 0.7500]] to w.grad, which now holds [[0.5000, 0.7500]]",
                "TBackward0: [[0.5000, 0.2500]]ᵀ = [[0.5000], [0.2500]]",
                "answer · AddmmBackward0: b + x · no. 4 = 0.5000 + [[1, 2], [0, -1]] · [[0.5000], [0.2500]] = [[1.5000], [0.2500]]",
                "loss · MseLossBackward0: mean of (answer − y)² = mean of ([[1.5000], [0.2500]] − [[1], [0]])² = 0.1562",
            ],
            graph.Backward.Concat(graph.Forward).Select(step => step.Says));
    }

    [Fact]
    public void The_losses_of_two_classes_pass_the_difference_between_probability_and_class()
    {
        using var scope = torch.NewDisposeScope();
        var (p, x, y) = (tensor([0.25, 0.5], requires_grad: true), tensor([0.0, 2.0], requires_grad: true), tensor([0.0, 1.0]));
        var (loss, withLogits) = (torch.nn.functional.binary_cross_entropy(p, y), torch.nn.functional.binary_cross_entropy_with_logits(x, y));
        loss.backward();
        withLogits.backward();

        Assert.Equal(
            [
                "loss · BinaryCrossEntropyBackward0: for p: gradient × (p − y) / (p × (1 − p)) / 2 = 1 × ([0.2500, 0.5000] − [0, 1]) / ([0.2500, 0.5000] × (1 − [0.2500, 0.5000])) / 2 = [0.6667, -1.0000]",
                "p · AccumulateGrad: adds [0.6667, -1.0000] to p.grad, which now holds [0.6667, -1.0000]",
                "withLogits · BinaryCrossEntropyWithLogitsBackward0: for x: gradient × (sigmoid x − y) / 2 = 1 × (sigmoid [0, 2] − [0, 1]) / 2 = [0.2500, -0.0596]",
                "x · AccumulateGrad: adds [0.2500, -0.0596] to x.grad, which now holds [0.2500, -0.0596]",
            ],
            new AutogradGraph(loss, new { loss, p, y }).Backward.Concat(new AutogradGraph(withLogits, new { withLogits, x, y }).Backward).Select(step => step.Says));
    }

    [Fact]
    public void An_operation_without_a_rule_says_so_and_shows_what_came_out()
    {
        using var scope = torch.NewDisposeScope();
        var w = tensor([0.5], requires_grad: true);
        var loss = w.erf();
        loss.backward();

        var graph = new AutogradGraph(loss, new { loss, w });

        Assert.Equal("loss · ErfBackward0: no rule is available for this operation; autograd's result: 0.8788", graph.Backward[0].Says);
        Assert.Equal("w · AccumulateGrad: adds the incoming gradient to w.grad, which now holds 0.8788", graph.Backward[1].Says);
        Assert.Equal(("loss · ErfBackward0: 0.5205", "no rule is available for this operation"), (graph.Forward[0].Says, graph.Forward[0].Rule));
    }

    [Fact]
    public void The_sine_passes_the_gradient_times_the_cosine()
    {
        using var scope = torch.NewDisposeScope();
        var w = tensor([-0.5], requires_grad: true);
        var loss = w.sin();
        loss.backward();

        var graph = new AutogradGraph(loss, new { loss, w });

        Assert.Equal("loss · SinBackward0: 1 × cos (-0.5000) = 0.8776", graph.Backward[0].Says);
        Assert.Equal("loss · SinBackward0: sin (-0.5000) = -0.4794", graph.Forward[0].Says);
    }

    [Fact]
    public void An_input_without_a_name_is_spoken_of()
    {
        using var scope = torch.NewDisposeScope();
        var w = tensor([[2.0], [3.0]], requires_grad: true);
        var loss = torch.mm(tensor([[5.0, 7.0]]), w);
        loss.backward();

        var graph = new AutogradGraph(loss, new { loss, w });

        Assert.Equal("loss · MmBackward0: it does not follow from the known numbers; autograd's result: for w: [[5], [7]]", graph.Backward[0].Says);
        Assert.Equal("loss · MmBackward0: 31", graph.Forward[0].Says);
    }

    [Fact]
    public void Data_that_fit_twice_are_not_taken_for_either()
    {
        using var scope = torch.NewDisposeScope();
        var w = tensor([[2.0], [2.0]], requires_grad: true);
        var (one, other) = (tensor([[5.0, 7.0]]), tensor([[7.0, 5.0]]));
        var loss = torch.mm(one, w);
        loss.backward();

        Assert.Contains("it does not follow from the known numbers", new AutogradGraph(loss, new { loss, w, one, other }).Backward[0].Says, StringComparison.Ordinal);
        Assert.Contains("oneᵀ · gradient = [[5, 7]]ᵀ · 1 = [[5], [7]]", new AutogradGraph(loss, new { loss, w, one }).Backward[0].Says, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_parameter_was_changed_in_place_no_wrong_number_is_shown()
    {
        var (_, again) = TheLessons(net =>
        {
            net.Step(10);
        });

        var steps = again.Backward.Select(step => step.Says).ToList();
        Assert.Equal("answer · SigmoidBackward0: 1.0100 × 0.5050 × (1 − 0.5050) = 0.2525", steps[2]);
        Assert.StartsWith("MmBackward0: it does not follow from the known numbers; autograd's result: for hidden: ", steps[6], StringComparison.Ordinal);
    }

    [Fact]
    public void Many_numbers_are_told_by_the_first_or_by_names()
    {
        using var scope = torch.NewDisposeScope();
        var (x, w) = (torch.ones(20, 3), torch.ones(3, 4).requires_grad_());
        var loss = matmul(x, w).tanh().mean();
        loss.backward();

        var graph = new AutogradGraph(loss, new { loss, w, x });

        Assert.Equal("TanhBackward0: the first of 80 numbers: 0.0125 × (1 − 0.9951²) = 0.0001", graph.Backward[1].Says);
        Assert.Equal("MmBackward0: for w: xᵀ · gradient, 12 numbers up to ±0.002467", graph.Backward[2].Says);
        Assert.Equal("loss · MeanBackward0: mean of no. 2, 0.9951", graph.Forward[2].Says);
    }

    [Fact]
    public void Before_the_backward_pass_there_is_only_the_forward_pass()
    {
        using var scope = torch.NewDisposeScope();
        var w = tensor([3.0], requires_grad: true);

        var graph = new AutogradGraph(w.exp(), new { w });

        Assert.Empty(graph.Backward);
        Assert.Equal("ExpBackward0: e^3 = 20.0855", Assert.Single(graph.Forward).Says);
    }

    [Fact]
    public void Results_of_one_operation_are_not_taken_for_each_other()
    {
        using var scope = torch.NewDisposeScope();
        var z = tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad: true);
        var parts = z.unbind(0);
        var lower = parts[1];
        var loss = parts[0].exp().sum();
        loss.backward();

        var graph = new AutogradGraph(loss, new { loss, lower, z });

        Assert.Equal("its value is not known", graph.Forward.Single(step => step.Says.StartsWith("ExpBackward0", StringComparison.Ordinal)).Says.Split(": ")[1]);
    }

    [Fact]
    public void Steps_work_out_nothing_that_stays_in_memory_or_in_the_graph()
    {
        var (graph, again) = TheLessons();
        Assert.Equal(graph.Nodes.Count, again.Nodes.Count);
        using var scope = torch.NewDisposeScope();
        var w = tensor([3.0], requires_grad: true);
        var loss = w.exp().sum();
        _ = new AutogradGraph(loss, new { loss, w });
        var before = LiveTensors.CountWithoutGarbage();

        _ = new AutogradGraph(loss, new { loss, w });

        Assert.Equal(before, Tensor.TotalCount);
    }

    private static string Plain(string numbers)
    {
        var plain = Regex.Replace(Regex.Replace(numbers, @"\[ +", "["), @"(?<=\d)\.(?!\d)", "");
        return plain.Contains(',', StringComparison.Ordinal) ? plain : plain.Trim('[', ']');
    }

    // The lesson's graph after backward(), and once more after something was done to its network.
    private static (AutogradGraph Graph, AutogradGraph Again) TheLessons(Action<XorNetwork>? then = null)
    {
        var (x, y, net) = (tensor([[0.0, 0.0]]), tensor([0.0]), new XorNetwork());
        var product1 = matmul(x[0], net.w1);
        var sum1 = product1 + net.b1;
        var hidden = relu(sum1);
        var product2 = matmul(hidden, net.w2);
        var sum2 = product2 + net.b2;
        var answer = sigmoid(sum2);
        var difference = y[0] - answer;
        var error = difference.pow(2);
        var named = new { error, difference, answer, sum2, product2, hidden, sum1, product1, net.w1, net.b1, net.w2, net.b2, sample = x[0], wanted = y[0] };
        _ = new AutogradGraph(error, named);
        error.backward();
        var graph = new AutogradGraph(error, named);
        then?.Invoke(net);
        return (graph, new AutogradGraph(error, named));
    }

    [GeneratedRegex("adds (?<added>.+) to [ab].grad, which now holds (?<held>.+)")]
    private static partial Regex Kept();
}

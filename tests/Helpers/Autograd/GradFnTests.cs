using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;
using Tensor = TorchSharp.torch.Tensor;

namespace Backprop.Tests;

/// <summary>The graph that autograd records, against the one PyTorch reports (tests/reference/grad_fn.py).</summary>
public class GradFnTests
{
    private static readonly Dictionary<string, string[]> Recorded =
        JsonSerializer.Deserialize<Dictionary<string, string[]>>(File.ReadAllText(TestData.Path("grad-fn.json")))!;

    private static readonly Dictionary<string, Func<Leaves, Tensor>> Expressions = new()
    {
        ["w + w"] = t => t.w + t.w,
        ["w + v"] = t => t.w + t.v,
        ["w - v"] = t => t.w - t.v,
        ["w * v"] = t => t.w * t.v,
        ["w / v"] = t => t.w / t.v,
        ["w * 2"] = t => t.w * 2,
        ["w + 1"] = t => t.w + 1,
        ["2 - w"] = t => 2 - t.w,
        ["2 / w"] = t => 2 / t.w,
        ["-w"] = t => -t.w,
        ["w ** 2"] = t => t.w.pow(2),
        ["w ** v"] = t => t.w.pow(t.v),
        ["exp(w)"] = t => exp(t.w),
        ["log(w)"] = t => log(t.w),
        ["w.sqrt()"] = t => t.w.sqrt(),
        ["w.abs()"] = t => t.w.abs(),
        ["w.sin()"] = t => t.w.sin(),
        ["w.cos()"] = t => t.w.cos(),
        ["relu(w)"] = t => relu(t.w),
        ["sigmoid(w)"] = t => torch.sigmoid(t.w),
        ["tanh(w)"] = t => torch.tanh(t.w),
        ["softmax(w, 1)"] = t => softmax(t.w, 1),
        ["w.log_softmax(1)"] = t => log_softmax(t.w, 1),
        ["w.logsumexp(1)"] = t => logsumexp(t.w, 1),
        ["w.clamp(0, 1)"] = t => t.w.clamp(0, 1),
        ["w.clamp(min=0)"] = t => t.w.clamp(min: 0),
        ["w.sum()"] = t => t.w.sum(),
        ["w.sum(1)"] = t => t.w.sum(1),
        ["w.mean()"] = t => t.w.mean(),
        ["w.mean(1)"] = t => t.w.mean([1]),
        ["w.prod()"] = t => t.w.prod(),
        ["w.max()"] = t => t.w.max(),
        ["w.max(1)[0]"] = t => t.w.max(1).values,
        ["w.var()"] = t => t.w.var(),
        ["w.norm()"] = t => t.w.norm(),
        ["w.cumsum(1)"] = t => t.w.cumsum(1),
        ["matmul(w, m)"] = t => matmul(t.w, t.m),
        ["matmul(v, m)"] = t => matmul(t.v, t.m),
        ["matmul(w, v)"] = t => matmul(t.w, t.v),
        ["matmul(v, v)"] = t => matmul(t.v, t.v),
        ["matmul(batch, m)"] = t => matmul(t.batch, t.m),
        ["torch.bmm(batch, batch)"] = t => bmm(t.batch, t.batch),
        ["torch.addmm(m2, w, m)"] = t => addmm(t.m2, t.w, t.m, 1, 1),
        ["torch.nn.functional.linear(v, w)"] = t => linear(t.v, t.w),
        ["torch.nn.functional.mse_loss(w, w * v)"] = t => mse_loss(t.w, t.w * t.v),
        ["torch.nn.functional.binary_cross_entropy(sigmoid(w), c)"] = t => binary_cross_entropy(torch.sigmoid(t.w), t.c),
        ["torch.nn.functional.leaky_relu(w)"] = t => leaky_relu(t.w, 0.01),
        ["torch.nn.functional.gelu(w)"] = t => gelu(t.w),
        ["w.t()"] = t => t.w.t(),
        ["w.transpose(0, 1)"] = t => t.w.transpose(0, 1),
        ["w.permute(1, 0)"] = t => t.w.permute(1, 0),
        ["w.reshape(6)"] = t => t.w.reshape(6),
        ["w.view(6)"] = t => t.w.view(6),
        ["w.t().reshape(6)"] = t => t.w.t().reshape(6),
        ["w.unsqueeze(0)"] = t => t.w.unsqueeze(0),
        ["w.unsqueeze(0).squeeze()"] = t => t.w.unsqueeze(0).squeeze(),
        ["w.unsqueeze(0).squeeze(0)"] = t => t.w.unsqueeze(0).squeeze(0),
        ["v.expand(4, 3)"] = t => t.v.expand(4, 3),
        ["v.repeat(2)"] = t => t.v.repeat(2),
        ["w.flatten()"] = t => t.w.flatten(),
        ["w[0]"] = t => t.w[0],
        ["w[0][1]"] = t => t.w[0][1],
        ["w[:, 1]"] = t => t.w[TensorIndex.Colon, 1],
        ["w[0:1]"] = t => t.w[..1],
        ["w.unbind(1)[2]"] = t => t.w.unbind(1)[2],
        ["w.split(1, 1)[2]"] = t => t.w.split(1, 1)[2],
        ["w.unbind(1)[0] + w.unbind(1)[2]"] = t => t.w.unbind(1)[0] + t.w.unbind(1)[2],
        ["w.index_select(0, i)"] = t => t.w.index_select(0, t.i),
        ["w.gather(1, i.unsqueeze(0))"] = t => t.w.gather(1, t.i.unsqueeze(0)),
        ["w.masked_fill(c > 0, 0)"] = t => t.w.masked_fill(t.c > 0, 0),
        ["w.clone()"] = t => t.w.clone(),
        ["w.double()"] = t => t.w.to(float64),
        ["cat([w, w])"] = t => cat([t.w, t.w]),
        ["cat([w, c])"] = t => cat([t.w, t.c]),
        ["stack([v, v])"] = t => stack([t.v, t.v]),
        ["where(c > 0, w, c)"] = t => where(t.c > 0, t.w, t.c),
        ["torch.maximum(w, c)"] = t => maximum(t.w, t.c),
        ["w.detach() * w"] = t => t.w.detach() * t.w,
        ["w.detach()"] = t => t.w.detach(),
        ["c * 2"] = t => t.c * 2,
        ["w * c"] = t => t.w * t.c,
        ["relu(w) * relu(w)"] = t => relu(t.w) * relu(t.w),
        ["t = relu(w); t * t + t"] = t => With(relu(t.w), r => (r * r) + r),
        ["t = w * c; t.mul_(v); t"] = t => With(t.w * t.c, r => r.mul_(t.v)),
        ["t = w * c; t[0].mul_(v); t"] = t => With(t.w * t.c, r => { r[0].mul_(t.v); return r; }),
        ["t = w * c; r = t[0]; r.mul_(v); r"] = t => With((t.w * t.c)[0], r => { r.mul_(t.v); return r; }),
        ["t = w * c; r = t[0]; t.mul_(v); r"] = t => With(t.w * t.c, r => { var row = r[0]; r.mul_(t.v); return row; }),
        ["t = c.clone(); t[0].mul_(v); t"] = t => With(t.c.clone(), r => { r[0].mul_(t.v); return r; }),
        ["t = c.clone(); r = t[0]; t.mul_(w); r"] = t => With(t.c.clone(), r => { var row = r[0]; r.mul_(t.w); return row; }),
        ["t = w * c; t.detach_(); t"] = t => With(t.w * t.c, r => r.detach_()),
        ["(w ** 2).sum() * (v.sum() + w.sum())"] = t => t.w.pow(2).sum() * (t.v.sum() + t.w.sum()),
        ["(c[1][0] - sigmoid(matmul(relu(matmul(c[0], m) + b), m.t()) + v)) ** 2"] =
            t => (t.c[1][0] - torch.sigmoid(matmul(relu(matmul(t.c[0], t.m) + t.b), t.m.t()) + t.v)).pow(2),
        ["t = w.sum(); t = t + w.sum(); t = t + v.sum(); t"] = t => t.w.sum() + t.w.sum() + t.v.sum(),
    };

    // What only the order of the backward pass is recorded of: many leaves, which are ready at the same time, and branches.
    private static readonly Dictionary<string, Func<Leaves, Tensor>> Ordered = new()
    {
        ["torch.stack([leaf(2) for _ in range(3)])"] = _ => stack(Leaves.Many(3)),
        ["torch.stack([leaf(2) for _ in range(4)])"] = _ => stack(Leaves.Many(4)),
        ["torch.stack([leaf(2) for _ in range(9)])"] = _ => stack(Leaves.Many(9)),
        ["torch.stack([leaf(2) for _ in range(12)] + [relu(leaf(2)), exp(leaf(2))] + [leaf(2) for _ in range(5)])"] =
            _ => stack([.. Leaves.Many(12), relu(Leaves.Many(1)[0]), exp(Leaves.Many(1)[0]), .. Leaves.Many(5)]),
        ["(w.sum() + v.sum()) * (m.sum() + b.sum()) + (w * v).sum() * exp(b).sum()"] = t => (t.w.sum() + t.v.sum()) * (t.m.sum() + t.b.sum()) + (t.w * t.v).sum() * exp(t.b).sum(),
        ["t = relu(v); u = exp(v); s = (t + u) * t; (s * v + u).sum() * t.sum()"] =
            t => With(relu(t.v), r => With(exp(t.v), u => With((r + u) * r, s => (s * t.v + u).sum() * r.sum()))),
    };

    // Where PyTorch 1.13 has one name for an operation and libtorch 2.10 another.
    private static readonly Dictionary<string, string> Renamed = new()
    {
        // squeeze got a form for several dimensions, which moved the numbers of its in-place forms on; matmul uses one of them.
        ["SqueezeBackward3"] = "SqueezeBackward4",
        // reshape makes its result by view where it can, no longer by an operation of its own.
        ["ReshapeAliasBackward0"] = "ViewBackward0",
    };

    // Where the graph of an expression is another one.
    private static readonly Dictionary<string, string[]> Different = new()
    {
        // Python makes a number into a tensor first; TorchSharp calls the operation's own form for numbers.
        ["w * 2"] = ["MulBackward1 1:0", "AccumulateGrad w"],
        ["w + 1"] = ["AddBackward1 1:0", "AccumulateGrad w"],
        ["2 / w"] = ["MulBackward1 1:0", "ReciprocalBackward0 2:0", "AccumulateGrad w"],
        // TorchSharp adds the number to the negative.
        ["2 - w"] = ["AddBackward1 1:0", "NegBackward0 2:0", "AccumulateGrad w"],
        // TorchSharp calls the form that takes only the order of the norm.
        ["w.norm()"] = ["NormBackward0 1:0", "AccumulateGrad w"],
        // libtorch no longer records an index that takes everything.
        ["w[:, 1]"] = ["SelectBackward0 1:0", "AccumulateGrad w"],
    };

    public static TheoryData<string> Cases { get; } = [.. Recorded.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_graph_of_an_expression_is_the_one_that_PyTorch_records(string expression)
    {
        using var scope = NewDisposeScope();
        var leaves = new Leaves();

        var lines = Lines(Expressions[expression](leaves), leaves);

        var expected = Different.GetValueOrDefault(expression) ?? [.. Recorded[expression].Select(InThisVersion)];
        Assert.Equal(expected, lines);
    }

    [Fact]
    public void The_backward_pass_takes_the_operations_in_PyTorchs_order()
    {
        var recorded = JsonDocument.Parse(File.ReadAllText(TestData.Path("backward-order.json"))).RootElement.GetProperty("cases").EnumerateObject()
            .ToDictionary(entry => entry.Name, entry => entry.Value.EnumerateArray().Select(place => place.GetInt32()).ToList());
        var expressions = Expressions.Concat(Ordered).ToDictionary();
        Assert.Equal(expressions.Keys.Order(StringComparer.Ordinal), recorded.Keys.Order(StringComparer.Ordinal));

        foreach (var (expression, order) in recorded.Where(entry => !Different.ContainsKey(entry.Key)))
        {
            using var scope = NewDisposeScope();
            var nodes = Nodes(expressions[expression](new Leaves()));
            var taken = nodes.Count == 0 ? [] : BackwardOrder.Of(nodes[0]).ConvertAll(nodes.IndexOf);
            Assert.True(order.SequenceEqual(taken), $"{expression}: {string.Join(" ", taken)}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_graph_as_a_value_has_the_same_nodes_and_edges(string expression)
    {
        using var scope = NewDisposeScope();
        var leaves = new Leaves();
        var tensor = Expressions[expression](leaves);
        var expected = Lines(tensor, leaves);
        if (expected.Count == 0)
        {
            Assert.Throws<ArgumentException>(() => new AutogradGraph(tensor, new { leaves.w }));
            return;
        }

        var graph = new AutogradGraph(tensor, new { leaves.w, leaves.v, leaves.m, leaves.b });

        Assert.Equal(
            expected.Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal),
            graph.Nodes.Select(node => node.Operation).Order(StringComparer.Ordinal));
        Assert.Equal(expected.Sum(line => line.Split(' ').Count(word => word.Contains(':', StringComparison.Ordinal))), graph.Edges.Count);
        Assert.All(graph.Edges, edge => Assert.True(edge.From < edge.To && graph.Nodes[edge.From].Depth < graph.Nodes[edge.To].Depth));
    }

    [Fact]
    public void Every_difference_from_PyTorch_is_one()
    {
        Assert.All(Different, different => Assert.NotEqual(Recorded[different.Key], different.Value));
        Assert.All(Renamed.Keys, name => Assert.Contains(Recorded.Values.SelectMany(lines => lines), line => line.StartsWith(name + ' ', StringComparison.Ordinal)));
    }

    [Fact]
    public void The_lessons_loss_leads_back_to_its_parameters()
    {
        using var scope = NewDisposeScope();
        var (w1, b1, w2, b2) = (ones(2, 2, requires_grad: true), ones(2, requires_grad: true), ones(2, 1, requires_grad: true), ones(1, requires_grad: true));
        var o1 = relu(matmul(ones(2), w1) + b1);
        var o2 = torch.sigmoid(matmul(o1, w2) + b2);
        var loss = (ones(4)[0] - o2).pow(2);

        var chain = new List<GradFn>();
        var aside = new List<GradFn>();
        for (var node = GradFn.Of(loss); node is not null;)
        {
            chain.Add(node);
            var next = node.NextFunctions.OfType<GradFn>().ToList();
            aside.AddRange(next.Skip(1));
            node = next.FirstOrDefault();
        }

        Assert.Equal(
            "PowBackward0 SubBackward0 SigmoidBackward0 AddBackward0 SqueezeBackward4 MmBackward0 UnsqueezeBackward0 ReluBackward0 AddBackward0 SqueezeBackward4 MmBackward0 AccumulateGrad",
            string.Join(' ', chain.Select(node => node.Name)));
        Assert.True(chain[^1].AccumulatesInto(w1));
        Assert.Equal([b2, w2, b1], aside.Select(leaf => new[] { w1, b1, w2, b2 }.Single(leaf.AccumulatesInto)));
    }

    [Fact]
    public void What_came_from_no_recorded_operation_has_none()
    {
        using var scope = NewDisposeScope();
        var w = ones(3, requires_grad: true);

        Assert.Null(GradFn.Of(w));
        Assert.Null(GradFn.Of(ones(3) * 2));
        Assert.Null(GradFn.Of((w * w).detach()));
        using (no_grad())
        {
            Assert.Null(GradFn.Of(w * w));
            Assert.Null(GradFn.Of(w[0]));
        }
    }

    [Fact]
    public void Nodes_are_equal_when_they_are_one_node_of_libtorch()
    {
        using var scope = NewDisposeScope();
        var w = ones(3, requires_grad: true);
        var square = w * w;

        var fromSum = GradFn.Of(square.sum())!.NextFunctions[0]!;
        var itself = GradFn.Of(square)!;

        Assert.True(fromSum == itself);
        Assert.Equal(fromSum.GetHashCode(), itself.GetHashCode());
        Assert.Equal(itself.NextFunctions[0], itself.NextFunctions[1]);
        Assert.False(GradFn.Of(w * w) == itself);
    }

    [Fact]
    public void Only_a_leafs_own_node_accumulates_into_it()
    {
        using var scope = NewDisposeScope();
        var (w, v) = (ones(3, requires_grad: true), ones(3, requires_grad: true));
        var product = w * v;
        var node = GradFn.Of(product)!;

        Assert.True(node.NextFunctions[0]!.AccumulatesInto(w));
        Assert.False(node.NextFunctions[0]!.AccumulatesInto(v));
        Assert.False(node.AccumulatesInto(product));
        Assert.False(node.AccumulatesInto(ones(3)));
        using (no_grad())
        {
            Assert.True(node.NextFunctions[1]!.AccumulatesInto(v.alias()));
        }
    }

    [Fact]
    public void A_node_prints_as_it_does_inside_a_tensor() =>
        Assert.Equal("<ReluBackward0>", $"{GradFn.Of(relu(ones(3, requires_grad: true)))}");

    [Fact]
    public void A_function_of_the_readers_own_has_a_name_too()
    {
        Assert.Equal("CSharpNode", GradFn.Of(Doubled.apply(ones(3, requires_grad: true)))!.Name);
    }

    [Fact]
    public void A_view_that_autograd_lost_track_of_is_refused_as_in_PyTorch()
    {
        using var scope = NewDisposeScope();
        var w = ones(2, 3, requires_grad: true);
        Tensor row;
        using (no_grad())
        {
            row = w[0];
            w.sub_(0.1f);
        }

        var refused = Assert.Throws<InvalidOperationException>(() => GradFn.Of(row));

        Assert.StartsWith("A view was created in no_grad mode and its base", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void The_graph_outlives_every_other_reference_to_it()
    {
        var node = GradFn.Of(Chain(ones(1, requires_grad: true), 1000));
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        var length = 0;
        for (; node!.Name == "AddBackward0"; node = node.NextFunctions[0])
        {
            length++;
        }

        Assert.Equal(1000, length);
    }

    [Fact]
    public void A_graph_that_its_tensor_no_longer_holds_is_refused()
    {
        using var scope = NewDisposeScope();
        var w = ones(3, requires_grad: true);
        var (detached, changed, disposed) = (w * w, w * w, w * w);
        var (ofDetached, ofChanged, ofDisposed) = (GradFn.Of(detached)!, GradFn.Of(changed)!, GradFn.Of(disposed)!);

        detached.detach_();
        changed.mul_(w);
        disposed.Dispose();

        Assert.Throws<InvalidOperationException>(() => ofDetached.NextFunctions);
        Assert.Throws<InvalidOperationException>(() => ofChanged.NextInputs);
        Assert.Throws<InvalidOperationException>(() => ofDisposed.NextFunctions);
        Assert.Throws<InvalidOperationException>(() => GradFn.Of(disposed));
        Assert.Equal("MulBackward0", ofDisposed.Name);
    }

    [Fact]
    public void The_graph_can_be_asked_for_after_the_backward_pass()
    {
        using var scope = NewDisposeScope();
        var w = ones(3, requires_grad: true);
        var loss = (w * w).sum();

        loss.backward();

        Assert.Equal("MulBackward0", GradFn.Of(loss)?.NextFunctions[0]?.Name);
    }

    [Fact]
    public void Asking_leaves_nothing_behind()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var view = ones(2, 3, requires_grad: true)[0];
        GradFn.Of(view);
        var before = LiveTensors.CountWithoutGarbage();

        GradFn.Of(view);

        Assert.Equal(before, Tensor.TotalCount);
        Assert.False(is_grad_enabled());
    }

    [Fact]
    public void It_is_available_or_says_why_not() => Assert.Equal(GradFn.IsAvailable, GradFn.WhyNotAvailable is null);

    [Theory]
    [InlineData("N5torch8autograd9generated13ReluBackward0E", "ReluBackward0")]
    [InlineData("N5torch8autograd14AccumulateGradE", "AccumulateGrad")]
    [InlineData("10CSharpNode", "CSharpNode")]
    [InlineData("*N5torch8autograd12_GLOBAL__N_16HiddenE", "Hidden")]
    [InlineData("N5torch8autograd7CppNodeI3FooEE", "CppNode")]
    [InlineData("ZN3foo3barEvE3Baz", "ZN3foo3barEvE3Baz")]
    [InlineData("N5torch99Cut", "N5torch99Cut")]
    [InlineData("N99999999999999999999A", "N99999999999999999999A")]
    [InlineData("", "")]
    public void GCCs_class_names_are_cut_to_their_last_part(string mangled, string name) =>
        Assert.Equal(name, NodeLayout.LastPartOfItanium(mangled));

    [Theory]
    [InlineData(".?AUReluBackward0@generated@autograd@torch@@", "ReluBackward0")]
    [InlineData(".?AVHidden@?A0x1234abcd@torch@@", "Hidden")]
    [InlineData(".?AU?$CppNode@UFoo@@@autograd@torch@@", "CppNode")]
    [InlineData(".?AUBaz@?1??bar@foo@@YAXXZ@", "Baz")]
    [InlineData("odd", "odd")]
    [InlineData("", "")]
    public void MSVCs_class_names_are_cut_to_their_last_part(string mangled, string name) =>
        Assert.Equal(name, NodeLayout.LastPartOfMicrosoft(mangled));

    private static Tensor Chain(Tensor start, int length)
    {
        using var scope = NewDisposeScope();
        var end = start;
        for (var i = 0; i < length; i++)
        {
            end = end + start;
        }

        return end.MoveToOuterDisposeScope();
    }

    private static string InThisVersion(string line)
    {
        var name = line.Split(' ')[0];
        return Renamed.GetValueOrDefault(name, name) + line[name.Length..];
    }

    private static Tensor With(Tensor tensor, Func<Tensor, Tensor> use) => use(tensor);

    // As grad_fn.py writes them.
    private static List<string> Lines(Tensor tensor, Leaves leaves)
    {
        var nodes = Nodes(tensor);
        return nodes.ConvertAll(node =>
        {
            var edges = node.NextFunctions.Zip(node.NextInputs, (next, input) => next is null ? "None" : $"{nodes.IndexOf(next)}:{input}");
            return string.Join(' ', [node.Name, .. leaves.NamesOf(node), .. edges]);
        });
    }

    private static List<GradFn> Nodes(Tensor tensor)
    {
        List<GradFn> nodes = GradFn.Of(tensor) is { } root ? [root] : [];
        for (var i = 0; i < nodes.Count; i++)
        {
            nodes.AddRange(nodes[i].NextFunctions.OfType<GradFn>().Distinct().Except(nodes));
        }

        return nodes;
    }

    private sealed class Leaves
    {
        public Tensor w { get; } = Leaf(2, 3);
        public Tensor v { get; } = Leaf(3);
        public Tensor m { get; } = Leaf(3, 2);
        public Tensor m2 { get; } = Leaf(2, 2);
        public Tensor b { get; } = Leaf(2);
        public Tensor batch { get; } = Leaf(2, 3, 3);
        public Tensor c { get; } = ones(2, 3);
        public Tensor i { get; } = arange(1, -1, -1);

        public IEnumerable<string> NamesOf(GradFn node) =>
            new[] { (nameof(w), w), (nameof(v), v), (nameof(m), m), (nameof(m2), m2), (nameof(b), b), (nameof(batch), batch), (nameof(c), c) }
                .Where(leaf => node.AccumulatesInto(leaf.Item2))
                .Select(leaf => leaf.Item1);

        public static Tensor[] Many(int count) => [.. Enumerable.Range(0, count).Select(_ => Leaf(2))];

        private static Tensor Leaf(params long[] shape) => linspace(0.25, 0.75, shape.Aggregate(1L, (a, b) => a * b)).reshape(shape).requires_grad_();
    }

    private sealed class Doubled : autograd.SingleTensorFunction<Doubled>
    {
        public override string Name => nameof(Doubled);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => (Tensor)vars[0] * 2;

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output * 2];
    }
}

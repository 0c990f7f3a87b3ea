#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>
/// The graph that autograd recorded for a tensor, read from libtorch: every operation from the tensor down to the leaves.
/// </summary>
/// <remarks>
/// The edges point the way the gradient flows, from a result to the inputs it was computed from. Named tensors show their shape, their value
/// and, after <c>backward()</c>, their gradient, if the numbers fit on a short line; named intermediates retain their gradient (<c>retain_grad</c>).
/// Both passes can be walked through step by step (<see cref="GraphSteps"/>).
/// A graph of more than <see cref="Drawable"/> operations is summarized in a table.
/// Where the graph cannot be read (<see cref="GradFn.WhyNotAvailable"/>), it has no nodes, and its output says why.
/// </remarks>
public sealed class AutogradGraph : RichOutput
{
    /// <summary>The maximum number of nodes in a picture.</summary>
    public const int Drawable = 60;

    private const int MostNames = 12;

    /// <summary>Reads the current graph, without names.</summary>
    /// <param name="root">The tensor from which <c>backward()</c> starts.</param>
    /// <exception cref="ArgumentException">Autograd recorded no operation for the root.</exception>
    public AutogradGraph(Tensor root)
        : this(root, [])
    {
    }

    /// <summary>Reads the current graph.</summary>
    /// <param name="root">The tensor from which <c>backward()</c> starts.</param>
    /// <param name="named">The tensors with their names: <c>new { loss, w1, b1 }</c>, <c>module.named_parameters()</c> or another form that <see cref="NamedTensors"/> knows.</param>
    /// <exception cref="ArgumentException">A named value is not a tensor, a tensor has no name, or autograd recorded no operation for the root.</exception>
    public AutogradGraph(Tensor root, object named)
        : this(root, NamedTensors.Of(named))
    {
    }

    private AutogradGraph(Tensor root, IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        if (root is null)
        {
            throw new ArgumentException("There is no tensor to draw a graph for yet. Run the cell that computes it first, then this one again.", nameof(root));
        }

        (Nodes, Edges, NotInIt, Constants, Forward, Backward) = ([], [], [], [], [], []);
        if (!GradFn.IsAvailable)
        {
            return;
        }

        var first = GradFn.Of(root)
            ?? throw new ArgumentException("Autograd recorded no operation for this tensor, so it has no graph. Compute it from tensors with requires_grad: true.", nameof(root));
        foreach (var (_, tensor) in tensors)
        {
            if (!tensor.is_leaf)
            {
                tensor.retain_grad();
            }
        }

        var order = BackwardOrder.Of(first);
        var numbers = new Dictionary<GradFn, int>();
        foreach (var node in order)
        {
            numbers[node] = numbers.Count;
        }

        var edges = new List<Edge>();
        var depths = new int[order.Count];
        foreach (var node in order)
        {
            foreach (var next in node.NextFunctions.OfType<GradFn>())
            {
                var edge = new Edge(numbers[node], numbers[next]);
                edges.Add(edge);
                depths[edge.To] = Math.Max(depths[edge.To], depths[edge.From] + 1);
            }
        }

        Edges = edges;
        var made = new List<Named>[order.Count];
        var (placed, missing) = Assign(tensors, order, numbers, made);
        var constants = tensors.Where(entry => missing.Contains(entry.Name) && !entry.Tensor.requires_grad).ToList();
        Constants = constants.Select(entry => entry.Name).ToList();
        NotInIt = missing.Except(Constants).ToList();
        Nodes = order.Select((node, i) => new Node(node.Name, depths[i], made[i] ?? [])).ToList();
        if (Nodes.Count <= Drawable)
        {
            var steps = new GraphSteps(order, root, Nodes, placed, constants);
            (Forward, Backward) = (steps.Forward, steps.Backward);
        }
    }

    /// <summary>The operations in the order in which <c>backward()</c> runs them, starting with the root's; each comes before those it passes gradients to.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>Which operation passes gradients to which, by their indices in <see cref="Nodes"/>.</summary>
    public IReadOnlyList<Edge> Edges { get; }

    /// <summary>The names of the given tensors that are not in this graph, so that no gradient flows to them.</summary>
    public IReadOnlyList<string> NotInIt { get; }

    /// <summary>The names of the given tensors that need no gradient, such as the data.</summary>
    public IReadOnlyList<string> Constants { get; }

    /// <summary>The forward pass step by step; empty if the graph is not drawn.</summary>
    public IReadOnlyList<GraphSteps.PassStep> Forward { get; }

    /// <summary>The backward pass step by step; empty before <c>backward()</c> and if the graph is not drawn.</summary>
    public IReadOnlyList<GraphSteps.PassStep> Backward { get; }

    /// <inheritdoc/>
    public override string ToHtml()
    {
        if (Nodes.Count == 0)
        {
            return $"<p>{WebUtility.HtmlEncode(GradFn.WhyNotAvailable)}</p>";
        }

        var remarks = string.Concat(Remarks().Select(remark => $"<p>{WebUtility.HtmlEncode(remark)}</p>"));
        return Nodes.Count > Drawable ? $"<div>{Summary().ToHtml()}{remarks}</div>" : $"""
            <figure class="backprop-graph">
            {GraphWalk.Style}
            {new GraphPicture(this).ToHtml()}
            {remarks}
            {GraphWalk.List("backward", Backward)}
            {GraphWalk.List("forward", Forward)}
            <script>{GraphWalk.Script}</script>
            </figure>
            """;
    }

    /// <inheritdoc/>
    public override string ToText() => Nodes.Count == 0 ? GradFn.WhyNotAvailable ?? ""
        : string.Join('\n', (Nodes.Count <= Drawable ? Nodes.Select(Line) : [Summary().ToText()]).Concat(Remarks()).Concat(Steps("backward", Backward)).Concat(Steps("forward", Forward)));

    /// <summary>Returns a list of the leaves' names; if there are very many, only the first.</summary>
    public string LeafNames()
    {
        var leaves = Nodes.Where(node => node.Operation == "AccumulateGrad").ToList();
        var names = leaves.Where(node => node.Name is not null).Select(node => node.Name!).ToList();
        var unnamed = leaves.Count - names.Count;
        var said = names.Take(MostNames).ToList();
        if (names.Count > MostNames)
        {
            said.Add($"{names.Count - MostNames} more");
        }

        if (unnamed > 0)
        {
            said.Add(unnamed == 1 ? "an unnamed leaf" : $"{unnamed} unnamed leaves");
        }

        return string.Join(", ", said);
    }

    private string Line(Node node, int i)
    {
        var next = Edges.Where(edge => edge.From == i).Select(edge => (edge.To + 1).ToString(CultureInfo.InvariantCulture)).ToList();
        var lines = string.Concat(node.Lines.Skip(1).Select(line => "  " + line));
        return $"{(i + 1).ToString(CultureInfo.InvariantCulture),2} {node.Lines[0]}{lines}{(next.Count > 0 ? " → " + string.Join(", ", next) : "")}";
    }

    private IEnumerable<string> Remarks()
    {
        if (Constants.Count > 0)
        {
            yield return $"Constants, which need no gradient: {Some(Constants)}.";
        }

        if (NotInIt.Count > 0)
        {
            yield return $"Not in this graph, so no gradient flows to it: {Some(NotInIt)}.";
        }
    }

    private static string Some(IReadOnlyList<string> names) =>
        $"{string.Join(", ", names.Take(MostNames))}{(names.Count > MostNames ? $" and {names.Count - MostNames} more" : "")}";

    private static IEnumerable<string> Steps(string pass, IReadOnlyList<GraphSteps.PassStep> steps) => steps.Count == 0 ? []
        : steps.Select((step, i) => FormattableString.Invariant($"{i + 1,2} {step.Says}")).Prepend($"The {pass} pass, step by step:");

    private RichTable Summary()
    {
        var deepest = Nodes.Max(node => node.Depth);
        var counts = Nodes.GroupBy(node => node.Operation).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal);
        return new(
            FormattableString.Invariant($"This graph has {Nodes.Count} operations, too many to draw (the maximum is {Drawable}). The longest path down from {Nodes[0].Lines[0]} has {deepest} steps. Leaves: {LeafNames()}. The properties Nodes and Edges contain the whole graph."),
            ["operation", "count"],
            counts.Select(group => new RichTable.Row(group.Key, [new(group.Count().ToString(CultureInfo.InvariantCulture))])).ToList());
    }

    // Assigns each tensor to the operation that produced it, and a leaf to the node that accumulates its gradient. An operation may have
    // several results, and a tensor several names. Returns the tensors with the indices of their nodes, and the names without a node.
    private static (List<(Tensor Tensor, int Node)> Placed, List<string> Missing) Assign(IReadOnlyList<(string Name, Tensor Tensor)> tensors, List<GradFn> order, Dictionary<GradFn, int> numbers, List<Named>[] made)
    {
        var ends = order.Where(node => node.Name == "AccumulateGrad").ToList();
        var missing = new List<string>();
        var seen = new List<(Tensor Tensor, int Node, int Place)>();
        foreach (var (name, tensor) in tensors)
        {
            var found = tensor.is_leaf ? ends.Find(end => end.AccumulatesInto(tensor)) : GradFn.Of(tensor);
            if (found is null || !numbers.TryGetValue(found, out var node))
            {
                missing.Add(name);
                continue;
            }

            made[node] ??= [];
            var same = seen.FindIndex(entry => ReferenceEquals(entry.Tensor, tensor) || entry.Tensor.Handle == tensor.Handle);
            if (same >= 0)
            {
                var (_, at, place) = seen[same];
                made[at][place] = made[at][place] with { Name = $"{made[at][place].Name} = {name}" };
                continue;
            }

            seen.Add((tensor, node, made[node].Count));
            made[node].Add(new(name, tensor.shape, TensorLine.Numbers(tensor), tensor.grad is { } gradient ? TensorLine.Numbers(gradient) ?? TensorLine.Largest(gradient) : null));
        }

        return (seen.ConvertAll(entry => (entry.Tensor, entry.Node)), missing);
    }

    /// <summary>A tensor with a name.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Shape">Its shape.</param>
    /// <param name="Value">Its numbers; null if there are more than a few.</param>
    /// <param name="Gradient">The numbers of its gradient or, if there are many, their size; null before <c>backward()</c>.</param>
    public sealed record Named(string Name, IReadOnlyList<long> Shape, string? Value, string? Gradient);

    /// <summary>An operation.</summary>
    /// <param name="Operation">Its name in libtorch.</param>
    /// <param name="Depth">The number of edges on the longest path to it from the root.</param>
    /// <param name="Tensors">Its named results, or the leaf it represents.</param>
    public sealed record Node(string Operation, int Depth, IReadOnlyList<Named> Tensors)
    {
        private const int Longest = 90;

        /// <summary>The names of its results; null if none is named.</summary>
        public string? Name => Tensors.Count == 0 ? null : string.Join(", ", Tensors.Select(tensor => tensor.Name));

        /// <summary>The shape of the first tensor.</summary>
        public IReadOnlyList<long>? Shape => Tensors.Count == 0 ? null : Tensors[0].Shape;

        /// <summary>The numbers of the first tensor; null if there are more than a few.</summary>
        public string? Value => Tensors.Count == 0 ? null : Tensors[0].Value;

        /// <summary>The gradient of the first tensor; null before <c>backward()</c>.</summary>
        public string? Gradient => Tensors.Count == 0 ? null : Tensors[0].Gradient;

        /// <summary>The node's text, line by line: its names and operation, then the value, shape and gradient of each tensor.</summary>
        public IReadOnlyList<string> Lines
        {
            get
            {
                var lines = new List<string> { Name is null ? Operation : $"{Name} · {Operation}" };
                foreach (var tensor in Tensors)
                {
                    var whose = Tensors.Count > 1 ? tensor.Name + ": " : "";
                    var shape = $"[{string.Join(", ", tensor.Shape)}]";
                    lines.Add(whose + (tensor.Value is null ? $"shape {shape}" : $"{tensor.Value}  {shape}"));
                    if (tensor.Gradient is not null)
                    {
                        lines.Add($"{whose}grad {tensor.Gradient}");
                    }
                }

                return lines.Select(line => line.Length <= Longest ? line : line[..(Longest - 1)] + "…").ToList();
            }
        }

        /// <summary>Returns whether a line shows a gradient.</summary>
        /// <param name="line">Its index in <see cref="Lines"/>.</param>
        public bool IsGradient(int line)
        {
            var next = 1;
            foreach (var tensor in Tensors)
            {
                next += tensor.Gradient is null ? 1 : 2;
                if (line < next)
                {
                    return tensor.Gradient is not null && line == next - 1;
                }
            }

            return false;
        }
    }

    /// <summary>An edge along which a gradient flows.</summary>
    /// <param name="From">The index of the node it comes from.</param>
    /// <param name="To">The index of the node it goes to.</param>
    public sealed record Edge(int From, int To);
}

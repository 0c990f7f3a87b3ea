#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>
/// The graph that autograd recorded for a tensor, as it stands in libtorch: every operation from the tensor down to the leaves.
/// </summary>
/// <remarks>
/// The edges point the way the gradient flows, from a result to what it was made from. What is named shows its shape, its value and,
/// after <c>backward()</c>, its gradient; named intermediates are asked to keep theirs (<c>retain_grad</c>).
/// Where the graph cannot be read (<see cref="GradFn.WhyNotAvailable"/>) it has no nodes, and says why.
/// </remarks>
public sealed class AutogradGraph : RichOutput
{
    /// <summary>The most nodes that a picture can show.</summary>
    public const int Drawable = 60;

    /// <summary>Reads the graph as it is now.</summary>
    /// <param name="root">The tensor from which <c>backward()</c> starts.</param>
    /// <param name="named">An object with a property for each tensor to be named, as <c>new { loss, w1, b1 }</c> makes one.</param>
    /// <exception cref="ArgumentException">A property is no tensor, or the root came from no operation.</exception>
    public AutogradGraph(Tensor root, object named)
    {
        if (!GradFn.IsAvailable)
        {
            (Nodes, Edges) = ([], []);
            return;
        }

        var first = GradFn.Of(root)
            ?? throw new ArgumentException("This tensor came from no operation that autograd recorded, so it has no graph. Compute it from tensors with requires_grad: true.", nameof(root));
        var tensors = named.GetType().GetProperties().Select(property => (property.Name, Tensor: property.GetValue(named) as Tensor
            ?? throw new ArgumentException($"{property.Name} is no tensor. Name tensors only.", nameof(named)))).ToList();
        foreach (var (_, tensor) in tensors.Where(entry => !entry.Tensor.is_leaf))
        {
            tensor.retain_grad();
        }

        var order = FromRootToLeaves(first);
        var numbers = order.Select((node, i) => (node, i)).ToDictionary(entry => entry.node, entry => entry.i);
        Edges = order.SelectMany(node => node.NextFunctions.OfType<GradFn>().Select(next => new Edge(numbers[node], numbers[next]))).ToList();
        var depths = new int[order.Count];
        foreach (var edge in Edges.OrderBy(edge => edge.From))
        {
            depths[edge.To] = Math.Max(depths[edge.To], depths[edge.From] + 1);
        }

        var made = NodesOf(tensors, order);
        Nodes = order.Select((node, i) => made.TryGetValue(node, out var entry) ? Describe(node, depths[i], entry.Name, entry.Tensor) : new Node(node.Name, depths[i], null, null, null, null)).ToList();
    }

    /// <summary>The operations, the root's first; each stands before all that it passes gradients to.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>Which operation passes gradients to which, by their places in <see cref="Nodes"/>.</summary>
    public IReadOnlyList<Edge> Edges { get; }

    /// <inheritdoc/>
    public override string ToHtml() => Obstacle() is { } obstacle ? $"<p>{obstacle}</p>" : new GraphPicture(this).ToHtml();

    /// <inheritdoc/>
    public override string ToText() => Obstacle() ?? string.Join('\n', Nodes.Select((node, i) =>
    {
        var next = Edges.Where(edge => edge.From == i).Select(edge => edge.To.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToList();
        var lines = string.Concat(node.Lines.Skip(1).Select(line => "  " + line));
        return $"{i,2} {node.Lines[0]}{lines}{(next.Count > 0 ? " → " + string.Join(", ", next) : "")}";
    }));

    private string? Obstacle() => Nodes.Count == 0 ? GradFn.WhyNotAvailable
        : Nodes.Count <= Drawable ? null
        : FormattableString.Invariant($"This graph has {Nodes.Count} operations, too many to draw; up to {Drawable} can be. Nodes and Edges hold all of them.");

    // Each node after all that lead to it. Walked with a stack of its own, since a graph can be far deeper than the program's stack.
    private static List<GradFn> FromRootToLeaves(GradFn root)
    {
        var finished = new List<GradFn>();
        var seen = new HashSet<GradFn> { root };
        var open = new Stack<(GradFn Node, Queue<GradFn> Left)>();
        open.Push((root, new(root.NextFunctions.OfType<GradFn>())));
        while (open.TryPeek(out var top))
        {
            if (!top.Left.TryDequeue(out var next))
            {
                finished.Add(open.Pop().Node);
            }
            else if (seen.Add(next))
            {
                open.Push((next, new(next.NextFunctions.OfType<GradFn>())));
            }
        }

        finished.Reverse();
        return finished;
    }

    // The node of each named tensor: the operation that made it, or where a leaf's gradient ends up. The first of two names counts.
    private static Dictionary<GradFn, (string Name, Tensor Tensor)> NodesOf(IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyList<GradFn> order)
    {
        var ends = order.Where(node => node.Name == "AccumulateGrad").ToList();
        var nodes = new Dictionary<GradFn, (string Name, Tensor Tensor)>();
        foreach (var entry in tensors)
        {
            if ((entry.Tensor.is_leaf ? ends.Find(end => end.AccumulatesInto(entry.Tensor)) : GradFn.Of(entry.Tensor)) is { } node)
            {
                nodes.TryAdd(node, entry);
            }
        }

        return nodes;
    }

    private static Node Describe(GradFn node, int depth, string name, Tensor tensor) =>
        new(node.Name, depth, name, tensor.shape, Numbers(tensor), tensor.grad is { } gradient ? Numbers(gradient) : null);

    private static string? Numbers(Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.numel() > 8 ? null : Regex.Replace(TensorText.repr(tensor.detach().clone())[7..^1], @"\s+", " ");
    }

    /// <summary>An operation.</summary>
    /// <param name="Operation">Its name in libtorch.</param>
    /// <param name="Depth">The number of edges on the longest way to it from the root.</param>
    /// <param name="Name">The name of the tensor it made, or of the leaf it stands for; null when it was not named.</param>
    /// <param name="Shape">That tensor's shape.</param>
    /// <param name="Value">That tensor's numbers; null when there are more than a few.</param>
    /// <param name="Gradient">The numbers of that tensor's gradient; null before <c>backward()</c>.</param>
    public sealed record Node(string Operation, int Depth, string? Name, IReadOnlyList<long>? Shape, string? Value, string? Gradient)
    {
        /// <summary>What is to be said of the node, line by line.</summary>
        public IReadOnlyList<string> Lines =>
        [
            Name is null ? Operation : $"{Name} · {Operation}",
            .. Value is null ? Array.Empty<string>() : [$"{Value}  {Python.repr(Shape!.Select(size => (object)size), "[", "]")}"],
            .. Gradient is null ? Array.Empty<string>() : [$"grad {Gradient}"],
        ];
    }

    /// <summary>A way for gradients.</summary>
    /// <param name="From">The place of the node they come from.</param>
    /// <param name="To">The place of the node they go to.</param>
    public sealed record Edge(int From, int To);
}

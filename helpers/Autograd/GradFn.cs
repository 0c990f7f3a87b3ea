#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>A node of the graph that autograd recorded: the operation that produced a tensor, like PyTorch's <c>grad_fn</c>.</summary>
/// <remarks>
/// TorchSharp does not expose the graph, so it is read from libtorch's memory (see <see cref="NodeLayout"/>).
/// The graph lives as long as the tensor that was passed to <see cref="Of"/>; every node keeps a reference to that tensor, and throws
/// once it has been disposed, detached or changed in place. Two nodes are equal if they are the same node in libtorch.
/// </remarks>
public sealed record GradFn
{
    private readonly IntPtr node;
    private readonly Tensor root;
    private readonly IntPtr rootNode;

    private GradFn(IntPtr node, Tensor root, IntPtr rootNode)
    {
        (this.node, this.root, this.rootNode) = (node, root, rootNode);
        Name = NodeLayout.Current!.NameOf(node);
        SequenceNumber = NodeLayout.SequenceNumberOf(node);
    }

    /// <summary>Whether the graph can be read on this system.</summary>
    public static bool IsAvailable => NodeLayout.Current is not null;

    /// <summary>Why the graph cannot be read on this system, as a sentence; null if it can.</summary>
    public static string? WhyNotAvailable => NodeLayout.WhyUnknown;

    /// <summary>The name of the operation, such as <c>ReluBackward0</c>; <c>AccumulateGrad</c> for a leaf, whose gradient is added to <c>.grad</c>.</summary>
    public string Name { get; }

    /// <summary>The position of the operation in the order in which its thread recorded them; <see cref="ulong.MaxValue"/> for a leaf. PyTorch's <c>_sequence_nr()</c>.</summary>
    public ulong SequenceNumber { get; }

    /// <summary>
    /// The nodes to which this one passes gradients, one for each input tensor of the operation, in order;
    /// null for an input that needs no gradient. PyTorch's <c>next_functions</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The tensor no longer has the graph that was read.</exception>
    public IReadOnlyList<GradFn?> NextFunctions => Edges(edge => NodeLayout.NodeAt(edge) is var next and not 0 ? new GradFn(next, root, rootNode) : null);

    /// <summary>For each of the <see cref="NextFunctions"/>, the index of the result that the gradient is for; 0 for the first.</summary>
    /// <exception cref="InvalidOperationException">The tensor no longer has the graph that was read.</exception>
    public IReadOnlyList<int> NextInputs => Edges(NodeLayout.InputAt);

    /// <summary>
    /// Returns the operation that produced a tensor; null if autograd recorded none, as for a leaf,
    /// or if the graph cannot be read (<see cref="WhyNotAvailable"/>).
    /// </summary>
    /// <exception cref="InvalidOperationException">The tensor is disposed, or it is a view that autograd has lost track of, for which PyTorch throws, too.</exception>
    public static GradFn? Of(Tensor tensor)
    {
        if (NodeLayout.Current is not { } layout)
        {
            return null;
        }

        if (layout.IsView(tensor.Handle))
        {
            BringUpToDate(tensor);
        }

        var node = layout.NodeOf(tensor.Handle);
        var gradFn = node == 0 ? null : new GradFn(node, tensor, node);
        GC.KeepAlive(tensor);
        return gradFn;
    }

    /// <summary>Returns whether this is the <c>AccumulateGrad</c> that adds gradients to the <c>.grad</c> of a leaf, such as a parameter.</summary>
    /// <exception cref="InvalidOperationException">The leaf is disposed.</exception>
    public bool AccumulatesInto(Tensor leaf)
    {
        if (Of(leaf) is not null)
        {
            return false;
        }

        using var on = torch.enable_grad();
        using var view = leaf.view_as(leaf);
        return Of(view)?.NextFunctions[0] == this;
    }

    /// <inheritdoc/>
    public bool Equals(GradFn? other) => other is not null && node == other.node;

    /// <inheritdoc/>
    public override int GetHashCode() => node.GetHashCode();

    /// <summary>The node as PyTorch prints it inside a tensor: <c>&lt;ReluBackward0&gt;</c>.</summary>
    public override string ToString() => $"<{Name}>";

    // After its base was changed in place, a view gets a new node when the node is next requested. The operation below requests it
    // in a call in which TorchSharp catches libtorch's exceptions; in a call of ours, an exception would end the process.
    private static void BringUpToDate(Tensor view)
    {
        try
        {
            using var on = torch.enable_grad();
            using var asked = view.view_as(view);
        }
        catch (ExternalException e)
        {
            throw new InvalidOperationException(e.Message.Split('\n')[0], e);
        }
    }

    private List<T> Edges<T>(Func<IntPtr, T> read)
    {
        var layout = NodeLayout.Current!;
        if (layout.NodeOf(root.Handle) != rootNode)
        {
            throw new InvalidOperationException("The tensor has been changed in place or detached since its graph was read. Call GradFn.Of again.");
        }

        var edges = layout.EdgesOf(node).Select(read).ToList();
        GC.KeepAlive(root);
        return edges;
    }
}

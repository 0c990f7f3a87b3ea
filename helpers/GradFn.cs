#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>A node of the graph that autograd recorded: the operation a tensor came from, as PyTorch's <c>grad_fn</c>.</summary>
/// <remarks>
/// TorchSharp does not show the graph, so it is read from libtorch's memory (see <see cref="NodeLayout"/>).
/// It lives as long as the tensor that was asked; do not use a node after that tensor is disposed.
/// </remarks>
public sealed class GradFn : IEquatable<GradFn>
{
    private const int EdgeSize = 24;

    private readonly IntPtr node;
    private readonly Tensor root;

    private GradFn(IntPtr node, Tensor root)
    {
        this.node = node;
        this.root = root;
    }

    /// <summary>The operation's name, such as <c>ReluBackward0</c>; <c>AccumulateGrad</c> for a leaf, where gradients end up in <c>.grad</c>.</summary>
    public string Name => NodeLayout.Current!.ClassName(node);

    /// <summary>
    /// The nodes to which this one passes gradients, one for each input of the operation, in order;
    /// null for an input that needs no gradient.
    /// </summary>
    public IReadOnlyList<GradFn?> NextFunctions
    {
        get
        {
            var edges = node + NodeLayout.Current!.NextEdges;
            var begin = Marshal.ReadIntPtr(edges);
            var count = (int)((Marshal.ReadIntPtr(edges, IntPtr.Size) - begin) / EdgeSize);
            return Enumerable.Range(0, count).Select(i => At(Marshal.ReadIntPtr(begin, i * EdgeSize), root)).ToList();
        }
    }

    /// <summary>
    /// The operation that made a tensor; null when none did that autograd recorded,
    /// and wherever the graph cannot be read (<see cref="NodeLayout.WhyUnknown"/>).
    /// </summary>
    /// <exception cref="InvalidOperationException">The tensor is disposed.</exception>
    public static GradFn? Of(Tensor tensor)
    {
        if (NodeLayout.Current is not { } layout)
        {
            return null;
        }

        var node = At(Marshal.ReadIntPtr(layout.GradFnOf(tensor.Handle)), tensor);
        GC.KeepAlive(tensor);
        return node;
    }

    /// <inheritdoc/>
    public bool Equals(GradFn? other) => other is not null && node == other.node;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GradFn);

    /// <inheritdoc/>
    public override int GetHashCode() => node.GetHashCode();

    /// <summary>The node as PyTorch prints it inside a tensor: <c>&lt;ReluBackward0&gt;</c>.</summary>
    public override string ToString() => $"<{Name}>";

    private static GradFn? At(IntPtr node, Tensor root) => node == IntPtr.Zero ? null : new GradFn(node, root);
}

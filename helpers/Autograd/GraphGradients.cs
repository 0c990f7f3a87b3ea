#nullable enable annotations
using System.Collections.Generic;
using System.Linq;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>The gradients of a graph, computed from its result down by the operations' rules.</summary>
/// <remarks>If the shares that arrive at a node do not add up to autograd's gradient, they are discarded, and autograd's gradient is used.</remarks>
public sealed class GraphGradients
{
    private readonly Dictionary<(int Node, int Output), Tensor> gradients;
    private readonly Dictionary<(int Node, int Place), OperationRule.Formula> shares = [];
    private readonly Dictionary<(int Node, int Output), List<(int Node, int Place)>> arriving = [];

    /// <summary>Computes the gradients.</summary>
    /// <param name="values">The graph with its values, in the order of the backward pass.</param>
    public GraphGradients(GraphValues values)
    {
        gradients = new(values.Gradients);
        for (var node = 0; node < values.Inputs.Count; node++)
        {
            AddUp(node);
            for (var place = 0; place < values.Inputs[node].Length; place++)
            {
                if (values.Inputs[node][place] is not { } to)
                {
                    continue;
                }

                (arriving.TryGetValue(to, out var list) ? list : arriving[to] = []).Add((node, place));
                if (values.TrueRuleOf(node) is { } rule && Of((node, 0)) is { } gradient && rule.Backward(values.FactsOf(node, gradient), place) is { } share)
                {
                    shares[(node, place)] = share;
                }
            }
        }
    }

    /// <summary>Returns the gradient of an operation's result; null if it is not known.</summary>
    public Tensor? Of((int Node, int Output) result) => gradients.GetValueOrDefault(result);

    /// <summary>Returns the share of the gradient that an operation passes to an input; null if it is not known.</summary>
    public OperationRule.Formula? Share(int node, int place) => shares.GetValueOrDefault((node, place));

    /// <summary>Returns the operations that pass a share to a result, with the index of the input, in the order of the backward pass.</summary>
    public IReadOnlyList<(int Node, int Place)> ArrivingAt((int Node, int Output) result) => arriving[result];

    // When it is a node's turn, all shares of its gradient have arrived.
    private void AddUp(int node)
    {
        if (!arriving.TryGetValue((node, 0), out var list) || !list.TrueForAll(shares.ContainsKey))
        {
            return;
        }

        var sum = shares[list[0]].Value;
        foreach (var share in list.Skip(1))
        {
            sum = sum + shares[share].Value;
        }

        if (gradients.TryAdd((node, 0), sum) || GraphValues.AreClose(sum, gradients[(node, 0)]))
        {
            return;
        }

        list.ForEach(share => shares.Remove(share));
    }
}

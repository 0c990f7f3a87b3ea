#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>The values of a graph's operations, as far as they follow from the named tensors.</summary>
/// <remarks>
/// These tensors, their gradients and the result are known from the start. Values between them are computed by the operations' rules
/// (<see cref="OperationRule"/>), and a computed value is kept only if it leads to a known one. All numbers are in float64, and live
/// as long as the scope in which they were created.
/// </remarks>
public sealed class GraphValues
{
    private readonly List<string> operations;
    private readonly List<OperationRule?> rules;
    private readonly List<(int Node, int Output)?[]> inputs = [];
    private readonly Dictionary<(int Node, int Output), Tensor> values = [];
    private readonly Dictionary<(int Node, int Output), Tensor> gradients = [];
    private readonly Dictionary<(int Node, int Place), (string Name, Tensor Value)> constants = [];
    private readonly HashSet<int> contradicted = [];

    /// <summary>Computes the values.</summary>
    /// <param name="order">The operations in the order of the backward pass.</param>
    /// <param name="root">The tensor from which it starts.</param>
    /// <param name="named">The named tensors in the graph, with the indices of their operations.</param>
    /// <param name="free">The named tensors outside the graph that need no gradient, which may be constant inputs of operations.</param>
    public GraphValues(IReadOnlyList<GradFn> order, Tensor root, IReadOnlyList<(Tensor Tensor, int Node)> named, IReadOnlyList<(string Name, Tensor Tensor)> free)
    {
        operations = order.Select(node => node.Name).ToList();
        rules = operations.Select(OperationRule.For).ToList();
        ReadInputs(order);
        ReadNamed(root, named);
        Up = Enumerable.Range(0, order.Count).Where(node => !IsLeaf(node)).OrderBy(node => order[node].SequenceNumber).ToList();
        ReadReshaped();
        Compute(free);
    }

    /// <summary>The operations without the leaves, in the order in which they were recorded.</summary>
    public IReadOnlyList<int> Up { get; }

    /// <summary>The origin of each operation's inputs: an operation and the index of its result; null for an input that needs no gradient.</summary>
    public IReadOnlyList<(int Node, int Output)?[]> Inputs => inputs;

    /// <summary>The gradient of the result, and the gradients that autograd retained, except those of leaves, which may be sums over several passes.</summary>
    public IReadOnlyDictionary<(int Node, int Output), Tensor> Gradients => gradients;

    /// <summary>Returns the rule of an operation; null if there is none.</summary>
    public OperationRule? RuleOf(int node) => rules[node];

    /// <summary>Returns the rule of an operation; null if there is none or the operation's numbers contradict it.</summary>
    public OperationRule? TrueRuleOf(int node) => contradicted.Contains(node) ? null : rules[node];

    /// <summary>Returns whether a node belongs to a leaf.</summary>
    public bool IsLeaf(int node) => operations[node] == "AccumulateGrad";

    /// <summary>Returns the first result of an operation; null if it is not known.</summary>
    public Tensor? ValueOf(int node) => values.GetValueOrDefault((node, 0));

    /// <summary>Returns the name of a constant input of an operation.</summary>
    public string NameOfConstant(int node, int place) => constants[(node, place)].Name;

    /// <summary>Returns what is known of an operation.</summary>
    /// <param name="node">The index of the operation.</param>
    /// <param name="gradient">The incoming gradient, for a step of the backward pass.</param>
    public OperationFacts FactsOf(int node, Tensor? gradient = null) => new(
        inputs[node].Select((from, place) => from is { } at ? values.GetValueOrDefault(at) : constants.TryGetValue((node, place), out var constant) ? constant.Value : null).ToList(),
        ValueOf(node),
        gradient);

    /// <summary>Returns whether two tensors contain the same numbers, apart from rounding in float32.</summary>
    public static bool AreClose(Tensor a, Tensor b)
    {
        if (!a.shape.SequenceEqual(b.shape))
        {
            return false;
        }

        return a.numel() == 0 || (a - b).abs().max().item<double>() <= 1e-4 * b.abs().max().item<double>() + 1e-9;
    }

    private void ReadInputs(IReadOnlyList<GradFn> order)
    {
        var places = order.Select((node, place) => (node, place)).ToDictionary(entry => entry.node, entry => entry.place);
        foreach (var node in order)
        {
            var read = node.NextFunctions.Zip(node.NextInputs, (next, output) => next is null ? default((int, int)?) : (places[next], output)).ToList();
            // An input that needs no gradient may have no edge at all.
            while (read.Count < (rules[inputs.Count]?.Inputs ?? 0))
            {
                read.Add(null);
            }

            inputs.Add(read.ToArray());
        }
    }

    private void ReadNamed(Tensor root, IReadOnlyList<(Tensor Tensor, int Node)> named)
    {
        if (IsNumbers(root))
        {
            values[(0, OutputOf(root))] = Numbers(root);
        }

        foreach (var (tensor, node) in named.Where(entry => IsNumbers(entry.Tensor)))
        {
            var at = (node, IsLeaf(node) ? 0 : OutputOf(tensor));
            values[at] = Numbers(tensor);
            if (!IsLeaf(node) && tensor.grad is { } gradient && IsNumbers(gradient))
            {
                gradients[at] = Numbers(gradient);
            }
        }

        if (root.numel() == 1 && IsNumbers(root))
        {
            gradients.TryAdd((0, OutputOf(root)), torch.ones(root.shape, torch.float64));
        }
    }

    // matmul turns a vector into a matrix with one row, and the product back into a vector: so the product follows from the result.
    private void ReadReshaped()
    {
        for (var node = 0; node < inputs.Count; node++)
        {
            if (operations[node].StartsWith("Squeeze", StringComparison.Ordinal) && inputs[node][0] is { } from && operations[from.Node] == "MmBackward0"
                && values.TryGetValue((node, 0), out var result) && result.dim() == 1)
            {
                values.TryAdd(from, result.unsqueeze(0));
            }
        }
    }

    // Which dimension was added or removed is not known; this assumes the one that matmul and squeeze() without arguments use.
    private void ReadShape(int node)
    {
        if (inputs[node].Length != 1 || inputs[node][0] is not { } from || !values.TryGetValue(from, out var x))
        {
            return;
        }

        if (operations[node] == "UnsqueezeBackward0" && x.dim() == 1)
        {
            values.TryAdd((node, 0), x.unsqueeze(0));
        }
        else if (operations[node] == "SqueezeBackward0")
        {
            values.TryAdd((node, 0), x.squeeze());
        }
        else if (operations[node].StartsWith("Squeeze", StringComparison.Ordinal) && x.dim() > 0)
        {
            values.TryAdd((node, 0), x.squeeze(x.shape[0] == 1 ? 0 : -1));
        }
    }

    private void Compute(IReadOnlyList<(string Name, Tensor Tensor)> free)
    {
        var known = values.Keys.ToHashSet();
        var sure = new HashSet<int>();
        foreach (var node in Up)
        {
            FindConstants(node, free);
            if (rules[node]?.Forward(FactsOf(node)) is not { } formula)
            {
                ReadShape(node);
                continue;
            }

            if (!known.Contains((node, 0)))
            {
                values[(node, 0)] = formula.Value;
            }
            else if (AreClose(formula.Value, values[(node, 0)]))
            {
                sure.Add(node);
            }
            else
            {
                contradicted.Add(node);
            }
        }

        // A computed value is kept only if it leads to a known one.
        foreach (var node in Up.Reverse().Where(sure.Contains))
        {
            sure.UnionWith(inputs[node].OfType<(int Node, int Output)>().Where(from => !known.Contains(from)).Select(from => from.Node));
        }

        foreach (var node in Up.Where(node => !known.Contains((node, 0)) && !sure.Contains(node)))
        {
            values.Remove((node, 0));
        }
    }

    // An input without a gradient has no edge. It may be one of the named tensors outside the graph: the only one that gives the
    // result or, if that is not known, the only one that fits best, unchanged and in the shape of the other input.
    private void FindConstants(int node, IReadOnlyList<(string Name, Tensor Tensor)> free)
    {
        if (rules[node] is not { } rule || Array.FindAll(inputs[node], input => input is null).Length != 1)
        {
            return;
        }

        var place = (node, Array.IndexOf(inputs[node], null));
        var found = new List<((string Name, Tensor Value) Constant, int Misfit)>();
        foreach (var (name, tensor) in free)
        {
            var numbers = Numbers(tensor);
            foreach (var candidate in numbers.dim() == 1 ? new[] { numbers, numbers.unsqueeze(0) } : [numbers])
            {
                constants[place] = (name, candidate);
                var facts = FactsOf(node);
                if (rule.Forward(facts) is { } formula && (facts.Result is null || AreClose(formula.Value, facts.Result)))
                {
                    var isOther = formula.PerNumber && !facts.Inputs.All(input => input!.shape.SequenceEqual(candidate.shape));
                    found.Add((constants[place], facts.Result is not null ? 0 : (candidate.dim() == tensor.dim() ? 0 : 1) + (isOther ? 1 : 0)));
                }
            }
        }

        constants.Remove(place);
        var best = found.FindAll(entry => entry.Misfit == found.Min(other => other.Misfit));
        if (best.Count > 0 && best.TrueForAll(other => AreClose(other.Constant.Value, best[0].Constant.Value)))
        {
            constants[place] = best[0].Constant;
        }
    }

    private static bool IsNumbers(Tensor tensor) => tensor.is_floating_point() && !tensor.is_sparse;

    private static Tensor Numbers(Tensor tensor) => tensor.detach().to_type(torch.float64).cpu();

    // The index of a tensor among the results of its operation.
    private static int OutputOf(Tensor tensor)
    {
        using var on = torch.enable_grad();
        using var view = tensor.view_as(tensor);
        return GradFn.Of(view)?.NextInputs[0] ?? 0;
    }
}

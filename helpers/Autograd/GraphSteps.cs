#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using TorchSharp;
using static System.FormattableString;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>The forward and the backward pass through a graph, one operation at a time, each with what it does in numbers.</summary>
/// <remarks>
/// Known at first are the tensors with names, their gradients, and the result. Values between them are computed by the operations'
/// rules (<see cref="OperationRule"/>), and a value counts only if it leads to one that is known. Gradients are worked out
/// from the result down. Where a rule's number is not what autograd has, as after a parameter was changed in place, or where a number
/// is missing, a step shows the gradient that came out and no calculation.
/// </remarks>
public sealed class GraphSteps
{
    private readonly IReadOnlyList<string> titles;
    private readonly IReadOnlyList<string?> names;
    private readonly List<string> operations;
    private readonly List<OperationRule?> rules;
    private readonly List<(int Node, int Output)?[]> inputs = [];
    private readonly Dictionary<(int Node, int Output), Tensor> values = [];
    private readonly Dictionary<(int Node, int Output), Tensor> given = [];
    private readonly Dictionary<(int Node, int Place), (string Name, Tensor Value)> constants = [];
    private readonly HashSet<int> contradicted = [];

    /// <summary>Works out all steps.</summary>
    /// <param name="order">The operations in the order of the backward pass.</param>
    /// <param name="root">The tensor from which it starts.</param>
    /// <param name="nodes">What the graph shows of them, in the same order.</param>
    /// <param name="named">The tensors with names that have a part in the graph, and their operations' places.</param>
    /// <param name="free">The tensors with names that have none and need no gradient: what an operation may have taken beside.</param>
    public GraphSteps(IReadOnlyList<GradFn> order, Tensor root, IReadOnlyList<AutogradGraph.Node> nodes, IReadOnlyList<(Tensor Tensor, int Node)> named, IReadOnlyList<(string Name, Tensor Tensor)> free)
    {
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        titles = nodes.Select(node => node.Lines[0]).ToList();
        names = nodes.Select(node => node.Name).ToList();
        operations = nodes.Select(node => node.Operation).ToList();
        rules = operations.Select(OperationRule.For).ToList();
        ReadInputs(order);
        ReadNamed(root, named);
        var up = Enumerable.Range(0, order.Count).Where(node => !IsLeaf(node)).OrderBy(node => order[node].SequenceNumber).ToList();
        ReadReshaped();
        Compute(up, free);
        Forward = up.Select(ForwardStep).ToList();
        Backward = nodes.Any(node => node.Tensors.Any(tensor => tensor.Gradient is not null)) ? BackwardSteps(nodes) : [];
    }

    /// <summary>The operations from the leaves up, in the order in which they were recorded.</summary>
    public IReadOnlyList<PassStep> Forward { get; }

    /// <summary>The operations and leaves in the order in which <c>backward()</c> took them; none before it ran.</summary>
    public IReadOnlyList<PassStep> Backward { get; }

    private void ReadInputs(IReadOnlyList<GradFn> order)
    {
        var places = order.Select((node, place) => (node, place)).ToDictionary(entry => entry.node, entry => entry.place);
        foreach (var node in order)
        {
            var read = node.NextFunctions.Zip(node.NextInputs, (next, output) => next is null ? default((int, int)?) : (places[next], output)).ToList();
            // What needs no gradient may have no edge at all.
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
                given[at] = Numbers(gradient);
            }
        }

        if (root.numel() == 1 && IsNumbers(root))
        {
            given.TryAdd((0, OutputOf(root)), torch.ones(root.shape, torch.float64));
        }
    }

    // matmul makes a vector a matrix of one row and takes the row out of the product again: so the product is known from the result.
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

    // Which dimension came or went is not known; matmul's own and the plain squeeze() are taken for it.
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

    private void Compute(List<int> up, IReadOnlyList<(string Name, Tensor Tensor)> free)
    {
        var known = values.Keys.ToHashSet();
        var sure = new HashSet<int>();
        foreach (var node in up)
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

        // What was computed counts where it leads to a number that is known.
        foreach (var node in up.AsEnumerable().Reverse().Where(sure.Contains))
        {
            sure.UnionWith(inputs[node].OfType<(int Node, int Output)>().Where(from => !known.Contains(from)).Select(from => from.Node));
        }

        foreach (var node in up.Where(node => !known.Contains((node, 0)) && !sure.Contains(node)))
        {
            values.Remove((node, 0));
        }
    }

    // An input without a gradient leaves no edge. It may be one of the tensors that were named beside the graph's own: the only one
    // that gives the result or, where that is not known, the only one that fits best, as it is and in the shape of the other input.
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

    private PassStep ForwardStep(int node)
    {
        var rule = rules[node];
        var value = values.GetValueOrDefault((node, 0));
        var said = value is null ? "its value is not known here"
            : rule is not null && !contradicted.Contains(node) && rule.Forward(FactsOf(node)) is { } formula ? Written(formula, value, node)
            : Said(value);
        return new(node, $"{titles[node]}: {said}", rule is null ? "no rule for this operation is written down here" : "");
    }

    private List<PassStep> BackwardSteps(IReadOnlyList<AutogradGraph.Node> nodes)
    {
        var shares = new Dictionary<(int Node, int Place), OperationRule.Formula>();
        var arriving = new Dictionary<(int Node, int Output), List<(int Node, int Place)>>();
        var gradients = new Dictionary<(int Node, int Output), Tensor>(given);
        for (var node = 0; node < inputs.Count; node++)
        {
            Arrive(node, arriving, shares, gradients);
            for (var place = 0; place < inputs[node].Length; place++)
            {
                if (inputs[node][place] is not { } to)
                {
                    continue;
                }

                (arriving.TryGetValue(to, out var list) ? list : arriving[to] = []).Add((node, place));
                if (rules[node] is { } rule && !contradicted.Contains(node) && gradients.TryGetValue((node, 0), out var gradient) && rule.Backward(FactsOf(node, gradient), place) is { } formula)
                {
                    shares[(node, place)] = formula;
                }
            }
        }

        return Enumerable.Range(0, inputs.Count).Select(node => IsLeaf(node)
            ? new PassStep(node, $"{titles[node]}: {Kept(node, nodes[node], gradients)}", "a leaf keeps the gradient: it is added to what its .grad held before")
            : new PassStep(node, $"{titles[node]}: {Passed(node, nodes, arriving, shares, gradients)}", rules[node]?.Says ?? "")).ToList();
    }

    // All shares of a node's gradient are there. Autograd's own number counts; shares that do not add up to it are none.
    private static void Arrive(int node, Dictionary<(int Node, int Output), List<(int Node, int Place)>> arriving, Dictionary<(int Node, int Place), OperationRule.Formula> shares, Dictionary<(int Node, int Output), Tensor> gradients)
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

        if (!gradients.TryGetValue((node, 0), out var own))
        {
            gradients[(node, 0)] = sum;
        }
        else if (!AreClose(sum, own))
        {
            list.ForEach(share => shares.Remove(share));
        }
    }

    private string Kept(int node, AutogradGraph.Node shown, Dictionary<(int Node, int Output), Tensor> gradients)
    {
        var what = gradients.TryGetValue((node, 0), out var gradient) ? Said(gradient) : "what arrived";
        var where = names[node] is { } name ? $"{name}.grad" : "the .grad of a leaf without a name";
        return $"adds {what} to {where}{(shown.Gradient is { } now ? $", which now holds {Plain(now)}" : "")}";
    }

    private string Passed(int node, IReadOnlyList<AutogradGraph.Node> nodes, Dictionary<(int Node, int Output), List<(int Node, int Place)>> arriving, Dictionary<(int Node, int Place), OperationRule.Formula> shares, Dictionary<(int Node, int Output), Tensor> gradients)
    {
        var texts = new List<(string To, string Text)>();
        var isWhole = true;
        for (var place = 0; place < inputs[node].Length; place++)
        {
            if (inputs[node][place] is not { } to)
            {
                continue;
            }

            var isShare = shares.TryGetValue((node, place), out var share);
            isWhole &= isShare;
            var alone = arriving[to].Count == 1;
            var text = isShare ? Written(share!, alone && gradients.TryGetValue(to, out var own) ? own : share!.Value, node, gradients.GetValueOrDefault((node, 0)))
                : alone && gradients.TryGetValue(to, out var arrived) ? Said(arrived)
                : nodes[to.Node].Gradient is { } kept && alone ? Plain(kept)
                : "not known here";
            if (isShare && !alone && arriving[to][^1] == (node, place) && gradients.TryGetValue(to, out var total))
            {
                text += $", with what came before {Said(total)}";
            }

            texts.Add((Label(to.Node), text));
        }

        var said = texts.Count > 1 && texts.TrueForAll(text => text.Text == texts[0].Text)
            ? $"{texts[0].Text}, for {string.Join(" and for ", texts.Select(text => text.To))}"
            : texts.Count == 1 ? texts[0].Text
            : string.Join("; ", texts.Select(text => $"for {text.To}: {text.Text}"));
        return isWhole ? said
            : rules[node] is null ? $"no rule for this operation is written down here; what came out is {said}"
            : $"not all of its numbers are known here; what came out is {said}";
    }

    private OperationFacts FactsOf(int node, Tensor? gradient = null) => new(
        inputs[node].Select((from, place) => from is { } at ? values.GetValueOrDefault(at) : constants.TryGetValue((node, place), out var constant) ? constant.Value : null).ToList(),
        values.GetValueOrDefault((node, 0)),
        gradient);

    // In numbers where they are few, else the first number for all, else with names.
    private string Written(OperationRule.Formula formula, Tensor value, int node, Tensor? gradient = null)
    {
        var used = new List<Tensor> { value };
        formula.Write(tensor =>
        {
            used.Add(tensor);
            return "";
        });
        var facts = FactsOf(node);
        string Name(Tensor tensor) => ReferenceEquals(tensor, gradient) ? "gradient" : ReferenceEquals(tensor, facts.Result) ? Label(node)
            : facts.Inputs.ToList().FindIndex(input => ReferenceEquals(input, tensor)) is var place and >= 0
                ? inputs[node][place] is { } from ? Label(from.Node) : constants[(node, place)].Name
            : Said(tensor);
        if (used.TrueForAll(tensor => Text(tensor) is not null))
        {
            var numbers = Equation(formula.Write(tensor => Bracketed(Text(tensor)!)), Text(value)!, IsReshape(node) ? "as" : "=");
            return formula.PerNumber || used.Count < 3 ? numbers : $"{formula.Write(Name)} = {numbers}";
        }

        if (formula.PerNumber && used.TrueForAll(tensor => tensor.numel() == value.numel() || tensor.numel() == 1))
        {
            string First(Tensor tensor) => Text(tensor.reshape(-1)[0])!;
            return Invariant($"the first of {value.numel()} numbers: {Equation(formula.Write(tensor => Bracketed(First(tensor))), First(value), "=")}");
        }

        return $"{formula.Write(Name)}, {Said(value)}";
    }

    private static string Equation(string way, string end, string sign) => way == end || way == Bracketed(end) ? end : $"{way} {sign} {end}";

    // A node's name; without one that of what it reshapes or is reshaped to; else its turn.
    private string Label(int node)
    {
        if (names[node] is { } name)
        {
            return name;
        }

        if (IsReshape(node) && inputs[node][0] is { } from)
        {
            return Label(from.Node);
        }

        var users = Enumerable.Range(0, node).Where(user => inputs[user].Any(input => input?.Node == node)).ToList();
        return users.Count == 1 && IsReshape(users[0]) && names[users[0]] is { } after ? after : Invariant($"no. {node + 1}");
    }

    private bool IsReshape(int node) => rules[node]?.OnlyReshapes == true;

    private bool IsLeaf(int node) => operations[node] == "AccumulateGrad";

    private static bool IsNumbers(Tensor tensor) => tensor.is_floating_point() && !tensor.is_sparse;

    private static Tensor Numbers(Tensor tensor) => tensor.detach().to_type(torch.float64).cpu();

    // Which of its operation's results a tensor is.
    private static int OutputOf(Tensor tensor)
    {
        using var on = torch.enable_grad();
        using var view = tensor.view_as(tensor);
        return GradFn.Of(view)?.NextInputs[0] ?? 0;
    }

    private static bool AreClose(Tensor a, Tensor b)
    {
        if (!a.shape.SequenceEqual(b.shape))
        {
            return false;
        }

        return a.numel() == 0 || (a - b).abs().max().item<double>() <= 1e-4 * b.abs().max().item<double>() + 1e-9;
    }

    private static string Said(Tensor tensor) => Text(tensor) ?? Plain(TensorLine.Largest(tensor));

    // Adding 0 makes -0 a 0.
    private static string? Text(Tensor tensor) => TensorLine.Numbers(tensor + 0) is { } text ? Plain(text) : null;

    // [0., 1.] is [0, 1] here, one number has no brackets, and of many is said how many they are.
    private static string Plain(string text)
    {
        var plain = Regex.Replace(Regex.Replace(text, @"\[ +", "["), @"(?<=\d)\.(?!\d)", "");
        plain = plain.StartsWith("of ", StringComparison.Ordinal) ? plain[3..] : plain;
        return plain.Contains(',', StringComparison.Ordinal) ? plain : plain.Trim('[', ']', ' ');
    }

    private static string Bracketed(string text) => text.StartsWith('-') ? $"({text})" : text;

    /// <summary>What one operation does.</summary>
    /// <param name="Node">Its place among the graph's nodes.</param>
    /// <param name="Says">Its name and what it does, in numbers.</param>
    /// <param name="Rule">The rule behind it in words; empty where there is none to say.</param>
    public sealed record PassStep(int Node, string Says, string Rule);
}

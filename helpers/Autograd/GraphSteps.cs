#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using TorchSharp;
using static System.FormattableString;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>The forward and the backward pass through a graph, one operation at a time, with the numbers of each calculation.</summary>
/// <remarks>
/// If a number is missing, or if the known numbers do not give autograd's result, for example after a parameter was changed in place,
/// a step shows autograd's gradient without a calculation.
/// </remarks>
public sealed class GraphSteps
{
    private const string NoRule = "no rule is available for this operation";

    private readonly IReadOnlyList<AutogradGraph.Node> nodes;
    private readonly GraphValues values;
    private readonly GraphGradients? gradients;

    /// <summary>Computes all steps.</summary>
    /// <param name="order">The operations in the order of the backward pass.</param>
    /// <param name="root">The tensor from which it starts.</param>
    /// <param name="nodes">The nodes of the graph, in the same order.</param>
    /// <param name="named">The named tensors in the graph, with the indices of their operations.</param>
    /// <param name="free">The named tensors outside the graph that need no gradient, which may be constant inputs of operations.</param>
    public GraphSteps(IReadOnlyList<GradFn> order, Tensor root, IReadOnlyList<AutogradGraph.Node> nodes, IReadOnlyList<(Tensor Tensor, int Node)> named, IReadOnlyList<(string Name, Tensor Tensor)> free)
    {
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        this.nodes = nodes;
        values = new(order, root, named, free);
        Forward = values.Up.Select(ForwardStep).ToList();
        var isDone = nodes.Any(node => node.Tensors.Any(tensor => tensor.Gradient is not null));
        gradients = isDone ? new(values) : null;
        Backward = isDone ? nodes.Select((_, node) => BackwardStep(node)).ToList() : [];
    }

    /// <summary>The operations from the leaves up, in the order in which they were recorded.</summary>
    public IReadOnlyList<PassStep> Forward { get; }

    /// <summary>The operations and leaves in the order in which <c>backward()</c> ran them; empty before that.</summary>
    public IReadOnlyList<PassStep> Backward { get; }

    private PassStep ForwardStep(int node)
    {
        var value = values.ValueOf(node);
        var said = value is null ? "its value is not known"
            : values.TrueRuleOf(node)?.Forward(values.FactsOf(node)) is { } formula ? Written(formula, value, node)
            : Said(value);
        return new(node, $"{nodes[node].Lines[0]}: {said}", values.RuleOf(node) is null ? NoRule : "");
    }

    private PassStep BackwardStep(int node) => values.IsLeaf(node)
        ? new(node, $"{nodes[node].Lines[0]}: {Kept(node)}", "a leaf accumulates the gradient: it is added to the previous value of .grad")
        : new(node, $"{nodes[node].Lines[0]}: {Passed(node)}", values.RuleOf(node)?.Says ?? "");

    private string Kept(int node)
    {
        var what = gradients!.Of((node, 0)) is { } gradient ? Said(gradient) : "the incoming gradient";
        var where = nodes[node].Name is { } name ? $"{name}.grad" : "the .grad of an unnamed leaf";
        return $"adds {what} to {where}{(nodes[node].Gradient is { } now ? $", which now holds {Plain(now)}" : "")}";
    }

    private string Passed(int node)
    {
        var texts = new List<(string To, string Text)>();
        var isWhole = true;
        for (var place = 0; place < values.Inputs[node].Length; place++)
        {
            if (values.Inputs[node][place] is { } to)
            {
                isWhole &= gradients!.Share(node, place) is not null;
                texts.Add((Label(to.Node), Passed(node, place, to)));
            }
        }

        var said = texts.Count > 1 && texts.TrueForAll(text => text.Text == texts[0].Text)
            ? $"{texts[0].Text}, for {string.Join(" and for ", texts.Select(text => text.To))}"
            : texts.Count == 1 && values.Inputs[node].Length == 1 ? texts[0].Text
            : string.Join("; ", texts.Select(text => $"for {text.To}: {text.Text}"));
        return isWhole ? said
            : $"{(values.RuleOf(node) is null ? NoRule : "it does not follow from the known numbers")}; autograd's result: {said}";
    }

    private string Passed(int node, int place, (int Node, int Output) to)
    {
        var arriving = gradients!.ArrivingAt(to);
        var (isAlone, whole) = (arriving.Count == 1, gradients.Of(to));
        if (gradients.Share(node, place) is not { } share)
        {
            return !isAlone ? "not known" : whole is not null ? Said(whole) : values.IsLeaf(to.Node) && nodes[to.Node].Gradient is { } kept ? Plain(kept) : "not known";
        }

        var text = Written(share, isAlone && whole is not null ? whole : share.Value, node, gradients.Of((node, 0)));
        return isAlone || whole is null || arriving[^1] != (node, place) ? text : $"{text}, in total {Said(whole)}";
    }

    // Shows the numbers if there are few, else only the first one, else names.
    private string Written(OperationRule.Formula formula, Tensor value, int node, Tensor? gradient = null)
    {
        var used = new List<Tensor> { value };
        formula.Write(tensor =>
        {
            used.Add(tensor);
            return "";
        });
        var facts = values.FactsOf(node);
        string Name(Tensor tensor) => ReferenceEquals(tensor, gradient) ? "gradient" : ReferenceEquals(tensor, facts.Result) ? Label(node)
            : facts.Inputs.ToList().FindIndex(input => ReferenceEquals(input, tensor)) is var place and >= 0
                ? values.Inputs[node][place] is { } from ? Label(from.Node) : values.NameOfConstant(node, place)
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

    // The name of a node, or else of the tensor that it reshapes or is reshaped to, or else its step in the backward pass.
    private string Label(int node)
    {
        var users = Enumerable.Range(0, node).Where(user => values.Inputs[user].Any(input => input?.Node == node)).ToList();
        return nodes[node].Name
            ?? (IsReshape(node) && values.Inputs[node][0] is { } from ? nodes[from.Node].Name : null)
            ?? (users.Count == 1 && IsReshape(users[0]) ? nodes[users[0]].Name : null)
            ?? Invariant($"no. {node + 1}");
    }

    private bool IsReshape(int node) => values.RuleOf(node)?.OnlyReshapes == true;

    private static string Said(Tensor tensor) => Text(tensor) ?? Plain(TensorLine.Largest(tensor));

    // Adding 0 turns -0 into 0.
    private static string? Text(Tensor tensor) => TensorLine.Numbers(tensor + 0) is { } text ? Plain(text) : null;

    // Writes [0., 1.] as [0, 1], a single number without brackets, and many numbers as their count.
    private static string Plain(string text)
    {
        var plain = Regex.Replace(Regex.Replace(text, @"\[ +", "["), @"(?<=\d)\.(?!\d)", "");
        plain = plain.StartsWith("of ", StringComparison.Ordinal) ? plain[3..] : plain;
        return plain.Contains(',', StringComparison.Ordinal) ? plain : plain.Trim('[', ']', ' ');
    }

    private static string Bracketed(string text) => text.StartsWith('-') ? $"({text})" : text;

    /// <summary>A step of a pass: what one operation does.</summary>
    /// <param name="Node">The index of the operation's node in the graph.</param>
    /// <param name="Says">The name of the operation and its calculation in numbers.</param>
    /// <param name="Rule">The rule in words; empty if there is none.</param>
    public sealed record PassStep(int Node, string Says, string Rule);
}

#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using static System.FormattableString;

/// <summary>Draws an <see cref="AutogradGraph"/> in layers, the root at the top, with arrows in the direction in which the gradient flows.</summary>
/// <remarks>
/// Every node is a group with the class <c>backprop-node</c>, its index as <c>data-node</c>, and the steps of the forward and the backward
/// pass that compute its values and gradients as <c>data-made</c> and <c>data-arrives</c>. Its texts have the classes <c>backprop-turn</c>
/// (its step in the backward pass), <c>backprop-title</c>, <c>backprop-value</c> and <c>backprop-gradient</c>. Every edge is a group with
/// the class <c>backprop-edge</c>, <c>data-from</c> and <c>data-to</c>.
/// </remarks>
public sealed class GraphPicture
{
    private const int LineHeight = 17;
    private const double CharacterWidth = 7.3;
    private const double RoomForTurn = 22;

    private readonly AutogradGraph graph;
    private readonly LayeredLayout layout;

    /// <summary>Computes the layout of a graph.</summary>
    public GraphPicture(AutogradGraph graph)
    {
        this.graph = graph;
        layout = new(
            graph.Nodes.Select(node => SizeOf(node.Lines)).ToList(),
            graph.Edges.Select(edge => (edge.From, edge.To)).ToList(),
            graph.Nodes.Select(node => node.Depth).ToList());
    }

    /// <summary>Returns the picture as HTML.</summary>
    public string ToHtml() => Invariant($"""
        <div style="overflow-x:auto"><svg role="img" aria-label="{Text(Description())}" viewBox="0 0 {layout.Width:0} {layout.Height:0}" width="{layout.Width:0}" height="{layout.Height:0}" style="display:block" fill="currentColor" font-size="12" font-family="ui-monospace, 'DejaVu Sans Mono', monospace">
        {string.Join('\n', graph.Edges.Select(Arrow))}
        {string.Join('\n', graph.Nodes.Select(Box))}
        </svg></div>
        """);

    private static (double Width, double Height) SizeOf(IReadOnlyList<string> lines)
    {
        var longest = lines.Max(line => line.Length);
        return (Math.Ceiling(Math.Max(longest * CharacterWidth + 20, lines[0].Length * CharacterWidth + RoomForTurn + 8)), lines.Count * LineHeight + 10);
    }

    private string Box(AutogradGraph.Node node, int i)
    {
        var box = layout.Boxes[i];
        var isLeaf = node.Operation == "AccumulateGrad";
        var texts = new StringBuilder();
        for (var row = 0; row < node.Lines.Count; row++)
        {
            var kind = row == 0 ? "title" : node.IsGradient(row) ? "gradient" : "value";
            var bold = row == 0 && node.Name is not null ? " font-weight=\"bold\"" : "";
            var middle = Math.Max(box.Width / 2, row == 0 ? RoomForTurn + node.Lines[0].Length * CharacterWidth / 2 : 0);
            texts.Append(Invariant($"<text class=\"backprop-{kind}\" x=\"{box.X + middle:0.#}\" y=\"{box.Y + 18 + row * LineHeight:0.#}\" text-anchor=\"middle\"{bold}>{Text(node.Lines[row])}</text>"));
        }

        var turn = Invariant($"<text class=\"backprop-turn\" x=\"{box.X + 6:0.#}\" y=\"{box.Y + 17:0.#}\" font-size=\"10.5\" opacity=\".8\">{i + 1}</text>");
        return Invariant($"<g class=\"backprop-node\" data-node=\"{i}\" data-made=\"{Made(i)}\" data-arrives=\"{Arrives(i, isLeaf)}\"><rect x=\"{box.X:0.#}\" y=\"{box.Y:0.#}\" width=\"{box.Width:0.#}\" height=\"{box.Height:0.#}\" rx=\"{(isLeaf ? 13 : 3)}\" fill=\"#2563eb\" fill-opacity=\"{(isLeaf ? ".16" : ".05")}\" stroke=\"currentColor\" stroke-opacity=\".55\"/>{turn}{texts}</g>");
    }

    // The values of leaves are there from the start.
    private int Made(int node)
    {
        for (var step = 0; step < graph.Forward.Count; step++)
        {
            if (graph.Forward[step].Node == node)
            {
                return step + 1;
            }
        }

        return 0;
    }

    // The gradient of an operation is complete when the last share has arrived, that of a leaf after the leaf's own step.
    private int Arrives(int node, bool isLeaf) =>
        isLeaf || node == 0 ? node + 1 : graph.Edges.Where(edge => edge.To == node).Select(edge => edge.From + 1).Max();

    private string Arrow(AutogradGraph.Edge edge, int i)
    {
        var route = layout.Routes[i];
        var path = new StringBuilder(Invariant($"M{route[0].X:0.#} {route[0].Y:0.#}V{route[1].Y:0.#}"));
        for (var point = 1; point + 1 < route.Count; point += 2)
        {
            var (from, to) = (route[point], route[point + 1]);
            var middle = (from.Y + to.Y) / 2;
            path.Append(Math.Abs(from.X - to.X) < 0.1 ? "" : Invariant($"C{from.X:0.#} {middle:0.#} {to.X:0.#} {middle:0.#} {to.X:0.#} {to.Y:0.#}"));
            path.Append(Invariant($"V{route[point + 2].Y:0.#}"));
        }

        var (x, y) = route[^1];
        return Invariant($"<g class=\"backprop-edge\" data-from=\"{edge.From}\" data-to=\"{edge.To}\"><path d=\"{path}\" fill=\"none\" stroke=\"currentColor\" stroke-opacity=\".7\"/><path d=\"M{x - 4:0.#} {y:0.#}h8l-4 {LayeredLayout.Head:0.#}z\" fill-opacity=\".8\"/></g>");
    }

    private string Description() =>
        $"Graph of {graph.Nodes.Count} operations, from {graph.Nodes[0].Lines[0]} down to {graph.LeafNames()}.";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

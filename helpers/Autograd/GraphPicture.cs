#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using static System.FormattableString;

/// <summary>Draws an <see cref="AutogradGraph"/> in layers, the root above, with arrows the way the gradient flows.</summary>
public sealed class GraphPicture
{
    private const int LineHeight = 17;
    private const int CharacterWidth = 7;
    private const int Gap = 26;

    private readonly AutogradGraph graph;
    private readonly Dictionary<int, (double X, double Y, double Width, double Height)> boxes = [];
    private readonly double width;
    private readonly double height;

    /// <summary>Finds a place for every node.</summary>
    public GraphPicture(AutogradGraph graph)
    {
        this.graph = graph;
        var layers = graph.Nodes.Select((node, i) => (node, i)).GroupBy(entry => entry.node.Depth).OrderBy(layer => layer.Key)
            .Select(layer => layer.Select(entry => entry.i).ToList()).ToList();
        width = layers.Select(layer => layer.Sum(i => WidthOf(i) + Gap)).Max() + Gap;
        double top = 4;
        foreach (var layer in layers)
        {
            var left = (width - layer.Sum(i => WidthOf(i) + Gap) + Gap) / 2;
            foreach (var i in layer.OrderBy(Wanted).ThenBy(i => i))
            {
                boxes[i] = (left, top, WidthOf(i), HeightOf(i));
                left += WidthOf(i) + Gap;
            }

            top += layer.Max(HeightOf) + Gap;
        }

        height = top - Gap + 4;
    }

    /// <summary>The picture.</summary>
    public string ToHtml() => Invariant($"""
        <div style="overflow-x:auto"><svg role="img" aria-label="{Text(Description())}" viewBox="0 0 {width:0} {height:0}" width="{width:0}" height="{height:0}" style="display:block" fill="currentColor" font-size="12" font-family="ui-monospace, 'DejaVu Sans Mono', monospace">
        {string.Join('\n', graph.Edges.Select(Arrow))}
        {string.Join('\n', graph.Nodes.Select(Box))}
        </svg></div>
        """);

    // Below the middle of those that point to it.
    private double Wanted(int node) => graph.Edges.Where(edge => edge.To == node && boxes.ContainsKey(edge.From))
        .Select(edge => boxes[edge.From].X + boxes[edge.From].Width / 2).DefaultIfEmpty(width / 2).Average();

    private double WidthOf(int i) => graph.Nodes[i].Lines.Max(line => line.Length) * CharacterWidth + 20;

    private double HeightOf(int i) => graph.Nodes[i].Lines.Count * LineHeight + 10;

    private string Box(AutogradGraph.Node node, int i)
    {
        var box = boxes[i];
        var isLeaf = node.Operation == "AccumulateGrad";
        var lines = node.Lines.Select((line, row) => Invariant(
            $"<text x=\"{box.X + box.Width / 2:0.#}\" y=\"{box.Y + 18 + row * LineHeight:0.#}\" text-anchor=\"middle\"{(row == 0 && node.Name is not null ? " font-weight=\"bold\"" : "")}>{Text(line)}</text>"));
        return Invariant($"<rect x=\"{box.X:0.#}\" y=\"{box.Y:0.#}\" width=\"{box.Width:0.#}\" height=\"{box.Height:0.#}\" rx=\"{(isLeaf ? 13 : 3)}\" fill=\"#2563eb\" fill-opacity=\"{(isLeaf ? ".16" : ".05")}\" stroke=\"currentColor\" stroke-opacity=\".55\"/>{string.Concat(lines)}");
    }

    private string Arrow(AutogradGraph.Edge edge)
    {
        var (from, to) = (boxes[edge.From], boxes[edge.To]);
        var (x1, y1, x2, y2) = (from.X + from.Width / 2, from.Y + from.Height, to.X + to.Width / 2, to.Y);
        var bend = Math.Min(60, (y2 - y1) / 2);
        return Invariant($"<path d=\"M{x1:0.#} {y1:0.#}C{x1:0.#} {y1 + bend:0.#} {x2:0.#} {y2 - 7 - bend:0.#} {x2:0.#} {y2 - 7:0.#}\" fill=\"none\" stroke=\"currentColor\" stroke-opacity=\".7\"/><path d=\"M{x2 - 4:0.#} {y2 - 8:0.#}h8l-4 8z\" fill-opacity=\".8\"/>");
    }

    private string Description()
    {
        var leaves = graph.Nodes.Where(node => node.Operation == "AccumulateGrad").Select(node => node.Name ?? "an unnamed leaf");
        return $"Graph of {graph.Nodes.Count} operations, from {graph.Nodes[0].Lines[0]} down to {string.Join(", ", leaves)}.";
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Backprop.Tests;

/// <summary>A picture of a graph as it is drawn: its boxes, and its arrows as many points.</summary>
internal sealed partial class DrawnGraph
{
    private const double Tolerance = 0.2;

    private readonly double width;
    private readonly double height;
    private readonly List<Box> boxes;
    private readonly List<Arrow> arrows;

    public DrawnGraph(string html)
    {
        var svg = XElement.Parse(html).Descendants("svg").Single();
        (width, height) = (Number(svg, "width"), Number(svg, "height"));
        boxes = [.. svg.Elements("g").Where(group => (string?)group.Attribute("class") == "backprop-node").Select(group => new Box(group.Element("rect")!, [.. group.Elements("text")]))];
        arrows = [.. svg.Elements("g").Where(group => (string?)group.Attribute("class") == "backprop-edge").Select(group => new Arrow(group))];
    }

    /// <summary>Everything that is wrong with the picture, in words.</summary>
    public IEnumerable<string> Faults(AutogradGraph graph) =>
        [.. Missing(graph), .. Boxes(), .. Ends(), .. arrows.SelectMany(Run), .. arrows.Where(IsHidden).Select(arrow => $"{arrow} cannot be told from others")];

    private IEnumerable<string> Missing(AutogradGraph graph)
    {
        if (!graph.Edges.Order(Comparer<AutogradGraph.Edge>.Create((a, b) => (a.From, a.To).CompareTo((b.From, b.To)))).Select(edge => (edge.From, edge.To)).SequenceEqual(arrows.Select(arrow => (arrow.From, arrow.To)).Order()))
        {
            yield return "not every edge has an arrow";
        }

        if (boxes.Count != graph.Nodes.Count)
        {
            yield return "not every node has a box";
        }
    }

    private IEnumerable<string> Boxes()
    {
        for (var i = 0; i < boxes.Count; i++)
        {
            var box = boxes[i];
            if (box.Left < 0 || box.Top < 0 || box.Right > width || box.Bottom > height)
            {
                yield return $"box {i} is cut off";
            }

            // DejaVu Sans Mono at 12 pixels.
            if (box.Longest * 7.23 > box.Right - box.Left)
            {
                yield return $"box {i} is too narrow for its text";
            }

            for (var j = 0; j < i; j++)
            {
                if (box.Left < boxes[j].Right && boxes[j].Left < box.Right && box.Top < boxes[j].Bottom && boxes[j].Top < box.Bottom)
                {
                    yield return $"boxes {j} and {i} overlap";
                }
            }
        }
    }

    private IEnumerable<string> Ends()
    {
        foreach (var arrow in arrows)
        {
            var (from, to, start, tip) = (boxes[arrow.From], boxes[arrow.To], arrow.Points[0], arrow.Tip);
            if (Math.Abs(start.Y - from.Bottom) > Tolerance || start.X < from.Left || start.X > from.Right)
            {
                yield return $"{arrow} does not begin at its box";
            }

            if (Math.Abs(tip.Y - to.Top) > Tolerance || tip.X - 4 < to.Left || tip.X + 4 > to.Right || Math.Abs(arrow.Points[^1].X - tip.X) > Tolerance)
            {
                yield return $"{arrow} does not end at its box";
            }
        }
    }

    private IEnumerable<string> Run(Arrow arrow)
    {
        foreach (var (x, y) in arrow.Points)
        {
            if (x < 0 || x > width || y < 0 || y > height)
            {
                yield return $"{arrow} leaves the picture";
            }

            if (boxes.FindIndex(box => x > box.Left + Tolerance && x < box.Right - Tolerance && y > box.Top + Tolerance && y < box.Bottom - Tolerance) is var hit and >= 0)
            {
                yield return $"{arrow} runs through box {hit} at ({x:0}, {y:0})";
            }

            if (arrows.Find(other => other != arrow && Math.Abs(x - other.Tip.X) < 5 && y > other.Tip.Y - 8 && y < other.Tip.Y) is { } head)
            {
                yield return $"{arrow} runs through the head of {head}";
            }
        }
    }

    // An arrow can be told from the others when a piece of it has no other near.
    private bool IsHidden(Arrow arrow) =>
        !arrow.Points.Any(point => arrows.TrueForAll(other => other == arrow || other.Points.TrueForAll(near => Math.Abs(near.X - point.X) + Math.Abs(near.Y - point.Y) > 5)));

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("([MVC])([^MVC]*)")]
    private static partial Regex Step();

    private sealed class Box(XElement rect, List<XElement> texts)
    {
        public double Left { get; } = Number(rect, "x");

        public double Top { get; } = Number(rect, "y");

        public double Right { get; } = Number(rect, "x") + Number(rect, "width");

        public double Bottom { get; } = Number(rect, "y") + Number(rect, "height");

        public int Longest { get; } = texts.Max(text => text.Value.Length);
    }

    private sealed class Arrow
    {
        public Arrow(XElement group)
        {
            (From, To) = ((int)group.Attribute("data-from")!, (int)group.Attribute("data-to")!);
            var paths = group.Elements("path").Select(path => path.Attribute("d")!.Value).ToList();
            foreach (Match step in Step().Matches(paths[0]))
            {
                var numbers = step.Groups[2].Value.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
                Go(step.Groups[1].Value, numbers);
            }

            // M x y h8 l-4 8 z: the tip is below the middle of the base.
            var head = Regex.Match(paths[1], "^M([^ ]+) ([^ h]+)h8l-4 8z$");
            Tip = (double.Parse(head.Groups[1].Value, CultureInfo.InvariantCulture) + 4, double.Parse(head.Groups[2].Value, CultureInfo.InvariantCulture) + 8);
        }

        public int From { get; }

        public int To { get; }

        public List<(double X, double Y)> Points { get; } = [];

        public (double X, double Y) Tip { get; }

        public override string ToString() => $"the arrow from {From} to {To}";

        private void Go(string letter, double[] to)
        {
            if (letter == "M")
            {
                Points.Add((to[0], to[1]));
                return;
            }

            var (x, y) = Points[^1];
            var (x1, y1, x2, y2, x3, y3) = letter == "V" ? (x, y, x, to[0], x, to[0]) : (to[0], to[1], to[2], to[3], to[4], to[5]);
            for (var i = 1; i <= 32; i++)
            {
                var t = i / 32.0;
                var (a, b, c, d) = ((1 - t) * (1 - t) * (1 - t), 3 * t * (1 - t) * (1 - t), 3 * t * t * (1 - t), t * t * t);
                Points.Add((a * x + b * x1 + c * x2 + d * x3, a * y + b * y1 + c * y2 + d * y3));
            }
        }
    }
}

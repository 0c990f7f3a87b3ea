#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;

/// <summary>Positions for boxes in layers, one below the other, and routes for the arrows between them.</summary>
/// <remarks>
/// Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures" (1981): an edge that passes layers
/// gets a dummy in each of them, the layers are reordered so that fewer edges cross (barycentres, then swaps of neighbours),
/// and each box is moved towards those it is connected to. The last step is exact for one layer at a time: least squares
/// with minimum distances as constraints, solved by pooling adjacent violators. Long edges have more weight, so that they are straight,
/// as in Gansner et al., "A Technique for Drawing Directed Graphs" (1993).
/// Every edge leaves and enters its boxes at its own port. It moves sideways only between two layers and ends
/// with a straight piece downwards, so no edge can run through a box or through another arrow's head.
/// </remarks>
public sealed class LayeredLayout
{
    /// <summary>The height of an arrow's head, which ends at its box.</summary>
    public const double Head = 8;

    private const double PortGap = 16;
    private const double BoxGap = 26;
    private const double WireGap = 16;
    private const double Straight = 4;
    private const double Border = 6;

    private readonly IReadOnlyList<(int From, int To)> edges;
    private readonly List<int[]> chains = [];
    private readonly List<int> layerOf = [];
    private readonly List<double> widths = [];
    private readonly List<List<Wire>> above = [];
    private readonly List<List<Wire>> below = [];
    private readonly List<Wire> wires = [];
    private readonly List<List<int>> layers = [];
    private readonly int boxCount;
    private int[] rank = [];
    private double[] centre = [];

    /// <summary>Computes the layout.</summary>
    /// <param name="sizes">The minimum width and the height of every box.</param>
    /// <param name="edges">Which box points to which, by their indices; two edges may connect the same boxes.</param>
    /// <param name="layer">The layer of every box, from 0 at the top; each edge leads to a deeper one.</param>
    public LayeredLayout(IReadOnlyList<(double Width, double Height)> sizes, IReadOnlyList<(int From, int To)> edges, IReadOnlyList<int> layer)
    {
        this.edges = edges;
        boxCount = sizes.Count;
        MakeVertices(sizes, layer);
        ReduceCrossings();
        PlacePorts();
        FindCentres();
        (Boxes, Routes) = Draw(sizes);
        Width = Boxes.Max(box => box.X + box.Width);
        foreach (var route in Routes)
        {
            Width = Math.Max(Width, route.Max(point => point.X));
        }

        Width += Border;
        Height = Boxes.Max(box => box.Y + box.Height) + Border;
    }

    /// <summary>The positions and sizes of the boxes; one with many arrows may be wider than its minimum.</summary>
    public IReadOnlyList<(double X, double Y, double Width, double Height)> Boxes { get; }

    /// <summary>
    /// The route of every edge, from its start to the base of its arrow's head. Between the first two points it runs straight down,
    /// then in a curve that is vertical at both ends, then straight, and so on, with a straight piece at the end.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<(double X, double Y)>> Routes { get; }

    /// <summary>The width of the layout.</summary>
    public double Width { get; private set; }

    /// <summary>The height of the layout.</summary>
    public double Height { get; }

    private void MakeVertices(IReadOnlyList<(double Width, double Height)> sizes, IReadOnlyList<int> layer)
    {
        for (var box = 0; box < boxCount; box++)
        {
            var ports = Math.Max(edges.Count(edge => edge.From == box), edges.Count(edge => edge.To == box));
            AddVertex(layer[box], Math.Max(sizes[box].Width, (ports + 1) * PortGap));
        }

        foreach (var (from, to) in edges)
        {
            var chain = new List<int> { from };
            for (var passed = layer[from] + 1; passed < layer[to]; passed++)
            {
                chain.Add(AddVertex(passed, 0));
            }

            chain.Add(to);
            chains.Add([.. chain]);
            for (var i = 1; i < chain.Count; i++)
            {
                var wire = new Wire(chain[i - 1], chain[i], WeightOf(chain[i - 1], chain[i]));
                wires.Add(wire);
                below[wire.From].Add(wire);
                above[wire.To].Add(wire);
            }
        }
    }

    private int AddVertex(int layer, double width)
    {
        while (layers.Count <= layer)
        {
            layers.Add([]);
        }

        layers[layer].Add(layerOf.Count);
        layerOf.Add(layer);
        widths.Add(width);
        above.Add([]);
        below.Add([]);
        return layerOf.Count - 1;
    }

    private double WeightOf(int from, int to) => (IsDummy(from), IsDummy(to)) switch { (true, true) => 8, (false, false) => 1, _ => 2 };

    private bool IsDummy(int vertex) => vertex >= boxCount;

    private void ReduceCrossings()
    {
        rank = new int[layerOf.Count];
        layers.ForEach(Rank);
        var best = layers.Select(layer => layer.ToArray()).ToList();
        var fewest = Crossings();
        for (var sweep = 0; sweep < 16 && fewest > 0; sweep++)
        {
            var down = sweep % 2 == 0;
            for (var i = 0; i < layers.Count; i++)
            {
                SortByBarycentre(layers[down ? i : layers.Count - 1 - i], down);
            }

            SwapNeighbours();
            if (Crossings() is var crossings && crossings < fewest)
            {
                (fewest, best) = (crossings, layers.Select(layer => layer.ToArray()).ToList());
            }
        }

        for (var i = 0; i < layers.Count; i++)
        {
            layers[i].Clear();
            layers[i].AddRange(best[i]);
            Rank(layers[i]);
        }
    }

    private void Rank(List<int> layer)
    {
        for (var i = 0; i < layer.Count; i++)
        {
            rank[layer[i]] = i;
        }
    }

    private void SortByBarycentre(List<int> layer, bool down)
    {
        var wanted = new Dictionary<int, double>();
        foreach (var vertex in layer)
        {
            var (sum, count) = (0.0, 0);
            foreach (var wire in down ? above[vertex] : below[vertex])
            {
                sum += rank[down ? wire.From : wire.To];
                count++;
            }

            wanted[vertex] = count == 0 ? rank[vertex] : sum / count;
        }

        var sorted = layer.OrderBy(vertex => wanted[vertex]).ToList();
        layer.Clear();
        layer.AddRange(sorted);
        Rank(layer);
    }

    private void SwapNeighbours()
    {
        var improved = true;
        for (var round = 0; round < 8 && improved; round++)
        {
            improved = false;
            foreach (var layer in layers)
            {
                for (var i = 1; i < layer.Count; i++)
                {
                    var (left, right) = (layer[i - 1], layer[i]);
                    if (CrossingsOf(left, right) > CrossingsOf(right, left))
                    {
                        (layer[i - 1], layer[i]) = (right, left);
                        (rank[left], rank[right]) = (i, i - 1);
                        improved = true;
                    }
                }
            }
        }
    }

    // How often the wires of two neighbours cross if the first is on the left.
    private int CrossingsOf(int left, int right)
    {
        var crossings = 0;
        foreach (var one in below[left])
        {
            foreach (var other in below[right])
            {
                crossings += rank[one.To] > rank[other.To] ? 1 : 0;
            }
        }

        foreach (var one in above[left])
        {
            foreach (var other in above[right])
            {
                crossings += rank[one.From] > rank[other.From] ? 1 : 0;
            }
        }

        return crossings;
    }

    private int Crossings()
    {
        var crossings = 0;
        foreach (var layer in layers)
        {
            for (var i = 0; i < layer.Count; i++)
            {
                for (var j = i + 1; j < layer.Count; j++)
                {
                    foreach (var one in below[layer[i]])
                    {
                        foreach (var other in below[layer[j]])
                        {
                            crossings += rank[one.To] > rank[other.To] ? 1 : 0;
                        }
                    }
                }
            }
        }

        return crossings;
    }

    // Wires leave and enter a box side by side, in the order of their other ends.
    private void PlacePorts()
    {
        for (var vertex = 0; vertex < boxCount; vertex++)
        {
            var leaving = below[vertex].OrderBy(wire => rank[wire.To]).ToList();
            var entering = above[vertex].OrderBy(wire => rank[wire.From]).ToList();
            leaving.ForEach(wire => wire.Start = PortGap * (leaving.IndexOf(wire) - (leaving.Count - 1) / 2.0));
            entering.ForEach(wire => wire.End = PortGap * (entering.IndexOf(wire) - (entering.Count - 1) / 2.0));
        }
    }

    private void FindCentres()
    {
        centre = new double[layerOf.Count];
        foreach (var layer in layers)
        {
            for (var i = 1; i < layer.Count; i++)
            {
                centre[layer[i]] = centre[layer[i - 1]] + Distance(layer[i - 1], layer[i]);
            }
        }

        for (var sweep = 0; sweep < 24; sweep++)
        {
            // Towards the layer above, then towards the one below, finally towards both.
            var (up, down) = sweep >= 12 ? (true, true) : (sweep % 2 == 0, sweep % 2 == 1);
            for (var i = 0; i < layers.Count; i++)
            {
                MoveTogether(layers[up ? i : layers.Count - 1 - i], up, down);
            }
        }

        for (var round = 0; round < 3; round++)
        {
            foreach (var chain in chains)
            {
                Straighten(chain);
            }
        }
    }

    // Aligns as many dummies of a long edge as there is room for, if possible with its start or its end.
    private void Straighten(int[] chain)
    {
        for (var i = 1; i < chain.Length - 1;)
        {
            var (first, low, high) = (i, double.NegativeInfinity, double.PositiveInfinity);
            for (; i < chain.Length - 1; i++)
            {
                var (left, right) = Room(chain[i]);
                if (Math.Max(low, left) > Math.Min(high, right))
                {
                    break;
                }

                (low, high) = (Math.Max(low, left), Math.Min(high, right));
            }

            var wanted = Enumerable.Range(first, i - first).Average(place => centre[chain[place]]);
            foreach (var end in new[] { first == 1 ? StartOf(chain) : double.NaN, i == chain.Length - 1 ? EndOf(chain) : double.NaN })
            {
                wanted = end >= low && end <= high ? end : wanted;
            }

            for (var place = first; place < i; place++)
            {
                centre[chain[place]] = Math.Clamp(wanted, low, high);
            }
        }
    }

    private double StartOf(int[] chain) => centre[chain[0]] + above[chain[1]][0].Start;

    private double EndOf(int[] chain) => centre[chain[^1]] + below[chain[^2]][0].End;

    private (double Left, double Right) Room(int vertex)
    {
        var layer = layers[layerOf[vertex]];
        var at = rank[vertex];
        return (
            at == 0 ? double.NegativeInfinity : Math.Min(centre[vertex], centre[layer[at - 1]] + Distance(layer[at - 1], vertex)),
            at == layer.Count - 1 ? double.PositiveInfinity : Math.Max(centre[vertex], centre[layer[at + 1]] - Distance(vertex, layer[at + 1])));
    }

    private double Distance(int left, int right) =>
        widths[left] / 2 + widths[right] / 2 + (IsDummy(left) || IsDummy(right) ? WireGap : BoxGap);

    // The position that each vertex wants, and then, of the positions that keep the distances, those nearest to it.
    private void MoveTogether(List<int> layer, bool up, bool down)
    {
        var blocks = new List<(double Sum, double Weight, int Count)>();
        var offset = 0.0;
        for (var i = 0; i < layer.Count; i++)
        {
            offset += i == 0 ? 0 : Distance(layer[i - 1], layer[i]);
            var (wanted, weight) = Wanted(layer[i], up, down);
            blocks.Add(((wanted - offset) * weight, weight, 1));
            while (blocks.Count > 1 && blocks[^2].Sum / blocks[^2].Weight > blocks[^1].Sum / blocks[^1].Weight)
            {
                var (one, other) = (blocks[^2], blocks[^1]);
                blocks.RemoveRange(blocks.Count - 2, 2);
                blocks.Add((one.Sum + other.Sum, one.Weight + other.Weight, one.Count + other.Count));
            }
        }

        offset = 0;
        var next = 0;
        foreach (var (sum, weight, count) in blocks)
        {
            for (var i = 0; i < count; i++, next++)
            {
                offset += next == 0 ? 0 : Distance(layer[next - 1], layer[next]);
                centre[layer[next]] = sum / weight + offset;
            }
        }
    }

    private (double Wanted, double Weight) Wanted(int vertex, bool up, bool down)
    {
        // A little weight on the current position, so that a vertex without connections stays.
        var (sum, weight) = (centre[vertex] * 0.01, 0.01);
        foreach (var wire in up ? above[vertex] : [])
        {
            sum += wire.Weight * (centre[wire.From] + wire.Start - wire.End);
            weight += wire.Weight;
        }

        foreach (var wire in down ? below[vertex] : [])
        {
            sum += wire.Weight * (centre[wire.To] + wire.End - wire.Start);
            weight += wire.Weight;
        }

        return (sum / weight, weight);
    }

    private (List<(double X, double Y, double Width, double Height)> Boxes, List<List<(double X, double Y)>> Routes) Draw(IReadOnlyList<(double Width, double Height)> sizes)
    {
        var left = double.PositiveInfinity;
        for (var vertex = 0; vertex < centre.Length; vertex++)
        {
            left = Math.Min(left, centre[vertex] - widths[vertex] / 2 - Border);
        }

        var tops = new double[layers.Count];
        var bottoms = new double[layers.Count];
        var next = Border;
        for (var i = 0; i < layers.Count; i++)
        {
            var boxes = layers[i].Where(vertex => !IsDummy(vertex)).ToList();
            (tops[i], bottoms[i]) = (next, next + boxes.Select(vertex => sizes[vertex].Height).DefaultIfEmpty(0).Max());
            next = bottoms[i] + GapBelow(layers[i]);
        }

        var places = Enumerable.Range(0, boxCount).Select(box => (centre[box] - left - widths[box] / 2, tops[layerOf[box]], widths[box], sizes[box].Height)).ToList();
        var routes = new List<List<(double X, double Y)>>();
        var wire = 0;
        foreach (var chain in chains)
        {
            var (box, height) = (chain[0], sizes[chain[0]].Height);
            var route = new List<(double X, double Y)> { (centre[box] - left + wires[wire].Start, tops[layerOf[box]] + height) };
            for (var i = 1; i < chain.Length; i++, wire++)
            {
                var (from, to) = (chain[i - 1], chain[i]);
                var end = centre[to] - left + wires[wire].End;
                route.Add((centre[from] - left + wires[wire].Start, bottoms[layerOf[from]]));
                route.Add((end, tops[layerOf[to]] - Head - Straight));
                if (i == chain.Length - 1)
                {
                    route.Add((end, tops[layerOf[to]] - Head));
                }
            }

            routes.Add(route);
        }

        return (places, routes);
    }

    // More room where a wire goes far to the side, so that it is not too flat.
    private double GapBelow(List<int> layer)
    {
        var farthest = 0.0;
        foreach (var vertex in layer)
        {
            foreach (var wire in below[vertex])
            {
                farthest = Math.Max(farthest, Math.Abs(centre[wire.To] + wire.End - centre[wire.From] - wire.Start));
            }
        }

        return 30 + Math.Min(60, farthest / 8);
    }

    private sealed class Wire(int from, int to, double weight)
    {
        public int From { get; } = from;

        public int To { get; } = to;

        public double Weight { get; } = weight;

        /// <summary>The offset of its start from the centre of its first box.</summary>
        public double Start { get; set; }

        /// <summary>The offset of its end from the centre of its last box.</summary>
        public double End { get; set; }
    }
}

#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using TorchSharp;
using static System.FormattableString;
using Linear = TorchSharp.Modules.Linear;
using Parameter = TorchSharp.Modules.Parameter;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>The outputs of a network with two inputs around its samples, at several points of the training.</summary>
/// <remarks>
/// A single output per sample is shown in shades from orange (the smallest label) to blue (the largest). Class probabilities have a
/// colour for each class, stronger for a higher probability. Grey is nan. The lines show where the input of a unit of the first hidden
/// layer is zero; on their dotted side it is positive, so that ReLU passes it.
/// The pictures are side by side; where scripts run, a slider shows them one at a time.
/// At most <see cref="MostMoments"/> moments and <see cref="MostSamples"/> samples are shown, evenly spaced.
/// </remarks>
public sealed class DecisionSurface : RichOutput
{
    /// <summary>The maximum number of moments.</summary>
    public const int MostMoments = 12;

    /// <summary>The maximum number of samples in each picture.</summary>
    public const int MostSamples = 400;

    private const int Cells = 48;
    private const int Shades = 16;
    private const int MostSaid = 8;
    private const int MostLines = 12;
    private const int Left = 30;
    private const int Bottom = 20;

    private static readonly string Style = $$"""
        <style>
        .backprop-surface { margin: 0; }
        .backprop-surface label { display: block; font-size: 13px; margin-bottom: .5em; }
        {{SliderStyle.Within(".backprop-surface")}}
        .backprop-surface .backprop-panels { display: flex; flex-wrap: wrap; gap: .75em 1em; }
        .backprop-surface .backprop-title { padding: .35em 0; }
        .backprop-surface figcaption { font-size: 13px; margin-top: .5em; }
        @media print { .backprop-surface label { display: none; } }
        </style>
        """;

    private const string Slider = """
        (() => {
          for (const figure of document.querySelectorAll('.backprop-surface:not([data-slider])')) {
            figure.dataset.slider = '';
            const panels = [...figure.querySelectorAll('.backprop-panel')];
            if (panels.length < 2) continue;
            const label = document.createElement('label');
            const slider = document.createElement('input');
            Object.assign(slider, { type: 'range', min: 0, max: panels.length, value: 0 });
            const say = document.createElement('span');
            const show = () => {
              panels.forEach((panel, i) => { panel.style.display = +slider.value === 0 || +slider.value === i + 1 ? '' : 'none'; });
              say.textContent = +slider.value === 0 ? 'all' : panels[slider.value - 1].querySelector('.backprop-title').textContent;
            };
            slider.addEventListener('input', show);
            label.append('moment', slider, say);
            figure.prepend(label);
            show();
          }
        })();
        """;

    // Orange and blue first, as for two classes; distinguishable with colour blindness (Okabe and Ito, Color Universal Design).
    private static readonly (int R, int G, int B)[] Classes =
        [(234, 88, 12), (37, 99, 235), (0, 158, 115), (204, 121, 167), (150, 110, 0), (86, 180, 233), (120, 60, 160), (90, 90, 90)];

    private readonly torch.ScalarType type;
    private readonly Tensor points;
    private readonly double[] x1;
    private readonly double[] x2;
    private readonly double[] labels;
    private readonly PlotAxis across;
    private readonly PlotAxis up;
    private readonly double low;
    private readonly double high;
    private readonly List<Moment> moments = [];
    private int classes;

    /// <summary>Creates the picture with the samples.</summary>
    /// <param name="x">The samples, shape [count, 2], of any real dtype. They determine the axes.</param>
    /// <param name="y">The targets, shape [count] or [count, 1]: numbers, or class numbers from 0.</param>
    /// <exception cref="ArgumentException">A tensor has no value yet, the shapes do not match, or a number is nan or infinite.</exception>
    public DecisionSurface(Tensor x, Tensor y)
    {
        if (x is null || y is null)
        {
            throw new ArgumentException($"{(x is null ? nameof(x) : nameof(y))} has no value yet. Run the data cell first, then this one again.");
        }

        if (x.dim() != 2 || x.shape[1] != 2 || x.shape[0] == 0 || x.is_complex())
        {
            throw new ArgumentException($"The samples have shape {Shape(x)}{(x.is_complex() ? " and are complex" : "")}; a surface needs real samples of shape [count, 2], two inputs for each sample. If there are more inputs, pass two of them, for example x[.., 0..2], and a network that fills in the others.", nameof(x));
        }

        var count = x.shape[0];
        if (y.numel() != count || y.dim() is 0 or > 2 || y.shape[0] != count || y.is_complex())
        {
            throw new ArgumentException($"The labels have shape {Shape(y)}; for samples of shape {Shape(x)} they must be [{count}] or [{count}, 1], one number for each.{(y.dim() == 2 && y.shape[0] == count ? " For one-hot labels, pass y.argmax(1)." : "")}", nameof(y));
        }

        type = x.is_floating_point() ? x.dtype : torch.float32;
        using (var scope = torch.NewDisposeScope())
        {
            points = x.detach().to_type(type).clone();
            points.MoveToOuterDisposeScope();
        }

        var coordinates = new TensorNumbers(x);
        x1 = Enumerable.Range(0, (int)count).Select(i => coordinates[2 * i]).ToArray();
        x2 = Enumerable.Range(0, (int)count).Select(i => coordinates[2 * i + 1]).ToArray();
        var answers = new TensorNumbers(y);
        labels = Enumerable.Range(0, (int)count).Select(i => answers[i]).ToArray();
        if (x1.Concat(x2).Concat(labels).Any(number => !double.IsFinite(number)))
        {
            throw new ArgumentException("The samples or their labels contain a nan or an infinite number.", nameof(x));
        }

        (across, up) = (PlotAxis.Around(x1), PlotAxis.Around(x2));
        (low, high) = labels.Min() < labels.Max() ? (labels.Min(), labels.Max()) : (Math.Min(0, labels[0]), Math.Max(1, labels[0]));
    }

    /// <summary>Records the current outputs of the network.</summary>
    /// <param name="title">The title of the picture, such as <c>epoch 100</c>.</param>
    /// <param name="network">
    /// Returns the outputs for points of shape [count, 2] and the samples' dtype (float32 for integers): one number each, shape [count] or
    /// [count, 1], or class probabilities, shape [count, classes], which add up to 1.
    /// </param>
    /// <exception cref="ArgumentException">The outputs have another shape, or are not probabilities.</exception>
    public void Add(string title, Func<Tensor, Tensor> network) => Keep(title, network, []);

    /// <summary>Records the current outputs of the network, and where the units of a <c>Linear</c> layer switch on.</summary>
    /// <param name="title">The title of the picture.</param>
    /// <param name="network">Returns the outputs, as above.</param>
    /// <param name="first">The layer that takes the two inputs.</param>
    /// <exception cref="ArgumentException">The outputs or the weights have another shape.</exception>
    public void Add(string title, Func<Tensor, Tensor> network, Linear first)
    {
        ArgumentNullException.ThrowIfNull(first);
        Keep(title, network, LinesOf(first.weight!, first.bias, unitsFirst: true));
    }

    /// <summary>Records the current outputs of the network, and where its hidden units switch on.</summary>
    /// <param name="title">The title of the picture.</param>
    /// <param name="network">Returns the outputs, as above.</param>
    /// <param name="w1">The weights into the hidden units, shape [2, units], as in <c>matmul(x, w1)</c>.</param>
    /// <param name="b1">The biases of the hidden units, shape [units]; null for none.</param>
    /// <param name="unitsFirst">True for weights of shape [units, 2], as in a <c>Linear</c> layer.</param>
    /// <exception cref="ArgumentException">The outputs or the weights have another shape.</exception>
    public void Add(string title, Func<Tensor, Tensor> network, Tensor w1, Tensor? b1, bool? unitsFirst = null)
    {
        if (w1 is null)
        {
            throw new ArgumentException("The weights have no value yet. Run the cell that creates them first, then this one again.", nameof(w1));
        }

        Keep(title, network, LinesOf(w1, b1, unitsFirst));
    }

    /// <inheritdoc/>
    public override string ToHtml()
    {
        var shown = Shown();
        return $"""
            <figure class="backprop-surface">
            {Style}
            <div class="backprop-panels">
            {string.Join('\n', shown.Select(Panel))}
            </div>
            <figcaption>{Text(Caption(shown))}</figcaption>
            <script>{Slider}</script>
            </figure>
            """;
    }

    /// <inheritdoc/>
    public override string ToText()
    {
        var shown = Shown();
        var leftOut = shown.Count < moments.Count ? Invariant($"\n… {moments.Count - shown.Count} of {moments.Count} moments left out") : "";
        return string.Join('\n', shown.Select(moment => $"{moment.Title}: {moment.Summary}")) + leftOut;
    }

    private List<Moment> Shown()
    {
        if (moments.Count == 0)
        {
            throw new InvalidOperationException("There is nothing to show yet. Call Add first.");
        }

        return Spread(moments.Count, MostMoments).Select(i => moments[i]).ToList();
    }

    private void Keep(string title, Func<Tensor, Tensor> network, List<double[]> lines)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        var grid = new List<double>();
        for (var row = 0; row < Cells; row++)
        {
            for (var column = 0; column < Cells; column++)
            {
                grid.Add(across.Low + (across.High - across.Low) * (column + 0.5) / Cells);
                grid.Add(up.Low + (up.High - up.Low) * (row + 0.5) / Cells);
            }
        }

        // The outputs at the samples are computed separately, because samples are not at the centres of grid cells.
        var atSamples = Answers(network, points);
        var onGrid = Answers(network, torch.from_array(grid.ToArray()).reshape(-1, 2).to_type(type));
        if (moments.Count > 0 && classes != onGrid.Classes)
        {
            throw new ArgumentException("The network's output has a different shape from the previous moment.", nameof(network));
        }

        classes = onGrid.Classes;
        moments.Add(new(title ?? "", onGrid.Numbers, lines, Said(atSamples.Numbers)));
    }

    // The numbers, and how many there are for each point; 0 classes stand for one number that is not a class probability.
    private (double[] Numbers, int Classes) Answers(Func<Tensor, Tensor> network, Tensor at)
    {
        var count = at.shape[0];
        Tensor answers;
        try
        {
            answers = network(at) ?? throw new ArgumentException("The network returned null. The function must return its outputs.");
        }
        catch (System.Runtime.InteropServices.ExternalException e)
        {
            throw new ArgumentException($"The network does not take points of shape {Shape(at)} and type {type.ToString().ToLowerInvariant()}, the type of the samples: {e.Message.Split('\n')[0]}", nameof(network), e);
        }

        var isOne = answers.numel() == count && (answers.dim() == 1 || (answers.dim() == 2 && answers.shape[0] == count));
        var isMany = answers.dim() == 2 && answers.shape[0] == count && answers.shape[1] > 1;
        if ((!isOne && !isMany) || answers.is_complex())
        {
            throw new ArgumentException($"For points of shape {Shape(at)} the network's output has shape {Shape(answers)}; it must be [{count}] or [{count}, 1], one number for each point, or [{count}, classes], the probability of each class.", nameof(network));
        }

        var all = new TensorNumbers(answers);
        var numbers = Enumerable.Range(0, all.Count).Select(i => all[i]).ToArray();
        if (isMany)
        {
            RequireProbabilities(numbers, (int)answers.shape[1], answers);
        }

        return (numbers, isMany ? (int)answers.shape[1] : 0);
    }

    private void RequireProbabilities(double[] numbers, int width, Tensor answers)
    {
        for (var i = 0; i < numbers.Length; i += width)
        {
            var row = numbers[i..(i + width)];
            if (row.Any(number => number is < -1e-6 or > 1 + 1e-6) || Math.Abs(row.Sum() - 1) > 1e-3)
            {
                throw new ArgumentException($"The network's output has shape {Shape(answers)}, so each row must contain the probabilities of {width} classes; but one is [{string.Join(", ", row.Take(4).Select(ShortNumber.Of))}{(width > 4 ? ", …" : "")}], which are not numbers from 0 to 1 that add up to 1. Write torch.nn.functional.softmax(…, 1) around the network's scores (1 is the dimension of the classes), or return one column.");
            }
        }

        if (width > Classes.Length)
        {
            throw new ArgumentException($"The network's output has shape {Shape(answers)}; up to {Classes.Length} classes have a colour.");
        }

        if (labels.Any(label => label != Math.Floor(label) || label < 0 || label >= width))
        {
            throw new ArgumentException($"The network's output has shape {Shape(answers)}, so the labels must be class numbers, 0 to {width - 1}; they range from {ShortNumber.Of(labels.Min())} to {ShortNumber.Of(labels.Max())}.");
        }
    }

    private static List<double[]> LinesOf(Tensor w1, Tensor? b1, bool? unitsFirst)
    {
        var isSquare = w1.dim() == 2 && w1.shape[0] == 2 && w1.shape[1] == 2;
        if (isSquare && w1 is Parameter && unitsFirst is null)
        {
            throw new ArgumentException("Weights of shape [2, 2] can be read in two ways, and these belong to a module. Write unitsFirst: true if they are those of a Linear layer, or unitsFirst: false if the network computes matmul(x, w1).", nameof(w1));
        }

        var inputs = w1.dim() == 2 ? w1.shape[unitsFirst == true ? 1 : 0] : 0;
        if (inputs != 2)
        {
            var turned = w1.dim() == 2 && w1.shape[unitsFirst == true ? 0 : 1] == 2;
            throw new ArgumentException($"The weights have shape {Shape(w1)}; they must be {(unitsFirst == true ? "[units, 2]" : "[2, units]")}, for two inputs.{(turned ? $" Write unitsFirst: {(unitsFirst == true ? "false" : "true")} if they are the other way round." : "")}", nameof(w1));
        }

        var units = (int)w1.shape[unitsFirst == true ? 0 : 1];
        if (b1 is not null && (b1.dim() > 2 || b1.numel() != units))
        {
            throw new ArgumentException($"The biases have shape {Shape(b1)}; for weights of shape {Shape(w1)} they must be [{units}], one for each unit.", nameof(b1));
        }

        var weights = new TensorNumbers(w1);
        var biases = b1 is null ? null : new TensorNumbers(b1);
        return Enumerable.Range(0, units).Select(unit => unitsFirst == true
            ? new[] { weights[2 * unit], weights[2 * unit + 1], biases?[unit] ?? 0 }
            : new[] { weights[unit], weights[units + unit], biases?[unit] ?? 0 }).ToList();
    }

    // Describes the outputs at the samples: each of a few, and how many are right if that is known.
    private string Said(double[] answers)
    {
        var few = labels.Length <= MostSaid ? labels.Length : MostSaid / 2;
        var said = Enumerable.Range(0, few).Select(i => $"({ShortNumber.Of(x1[i])}, {ShortNumber.Of(x2[i])}) {Answer(answers, i)}");
        var right = Enumerable.Range(0, labels.Length).Count(i => Guess(answers, i) == labels[i]);
        var isTold = classes > 0 || labels.All(label => label == low || label == high);
        return string.Join(", ", said) + (labels.Length <= MostSaid ? ""
            : Invariant($", … {labels.Length - few} more{(isTold ? $"; {right} of {labels.Length} right" : "")}"));
    }

    private string Answer(double[] answers, int i) => classes == 0
        ? ShortNumber.Of(answers[i])
        : $"[{string.Join(", ", answers[(i * classes)..((i + 1) * classes)].Select(ShortNumber.Of))}]";

    // The label nearest to an output.
    private double Guess(double[] answers, int i)
    {
        if (classes == 0)
        {
            return double.IsNaN(answers[i]) ? double.NaN : answers[i] > (low + high) / 2 ? high : low;
        }

        var row = answers[(i * classes)..((i + 1) * classes)];
        return Array.IndexOf(row, row.Max());
    }

    private string Caption(List<Moment> shown)
    {
        var (zero, one) = (ShortNumber.Of(low), ShortNumber.Of(high));
        var caption = classes == 0 ? $"Orange: nearer to {zero}, blue: nearer to {one}."
            : classes == 2 ? "Orange: class 0, blue: class 1; the stronger, the surer."
            : $"A colour for each class, 0 to {classes - 1}, as its samples have it; the stronger, the surer.";
        caption += labels.Length > MostSamples ? Invariant($" Circles: {MostSamples} of the {labels.Length} samples.") : " Circles: the samples.";
        var lines = shown.Max(moment => moment.Lines.Count);
        caption += lines == 0 ? "" : lines > MostLines ? Invariant($" Lines: where a hidden unit switches on, towards the dots; of {lines} units the first {MostLines}.")
            : " Lines: where a hidden unit switches on, towards the dots.";
        var numbers = shown.SelectMany(moment => moment.Answers).ToList();
        var finite = numbers.Where(number => !double.IsNaN(number)).ToList();
        if (classes == 0 && finite.Any(number => number < low - 1e-6 || number > high + 1e-6))
        {
            caption += $" The outputs range from {ShortNumber.Of(finite.Min())} to {ShortNumber.Of(finite.Max())}; those below {zero} or above {one} are coloured like {zero} or {one}.";
        }

        caption += finite.Count < numbers.Count ? " Grey: nan." : "";
        return caption + (shown.Count < moments.Count ? Invariant($" {shown.Count} of {moments.Count} moments are shown.") : "");
    }

    private string Panel(Moment moment)
    {
        // Up to four, or five, side by side in a notebook.
        var size = Math.Min(moments.Count, MostMoments) switch { <= 2 => 260, <= 4 => 156, _ => 116 };
        var description = $"Output of the network for x1 from {ShortNumber.Of(across.Low)} to {ShortNumber.Of(across.High)} and x2 from {ShortNumber.Of(up.Low)} to {ShortNumber.Of(up.High)}, {moment.Title}: {moment.Summary}.";
        return Invariant($"""
            <div class="backprop-panel" style="font-size:13px;text-align:center"><svg role="img" aria-label="{Text(description)}" viewBox="{-Left} -8 {size + Left + 12} {size + Bottom + 10}" width="{size + Left + 12}" height="{size + Bottom + 10}" style="display:block" fill="currentColor" font-size="11">
            <g shape-rendering="crispEdges">{Squares(moment.Answers, size)}</g>
            {string.Concat(across.Ticks.Select(tick => XTick(tick, size)))}{string.Concat(up.Ticks.Select(tick => YTick(tick, size)))}
            {string.Concat(moment.Lines.Take(MostLines).Select(line => Line(line, size)))}
            {string.Concat(Spread(labels.Length, MostSamples).Select(i => Sample(i, size)))}
            </svg><div class="backprop-title">{Text(moment.Title)}</div></div>
            """);
    }

    private static string XTick((double Position, string Label) tick, int size) => Invariant(
        $"<line x1=\"{size * tick.Position:0.#}\" x2=\"{size * tick.Position:0.#}\" y1=\"{size}\" y2=\"{size + 4}\" stroke=\"currentColor\" stroke-opacity=\".6\"/><text x=\"{size * tick.Position:0.#}\" y=\"{size + 16}\" text-anchor=\"middle\">{tick.Label}</text>");

    private static string YTick((double Position, string Label) tick, int size) => Invariant(
        $"<line x1=\"-4\" x2=\"0\" y1=\"{size * (1 - tick.Position):0.#}\" y2=\"{size * (1 - tick.Position):0.#}\" stroke=\"currentColor\" stroke-opacity=\".6\"/><text x=\"-7\" y=\"{size * (1 - tick.Position) + 4:0.#}\" text-anchor=\"end\">{tick.Label}</text>");

    // One path for all cells of a colour, with one segment for adjacent cells in a row.
    private string Squares(double[] answers, int size)
    {
        var paths = new SortedDictionary<string, StringBuilder>(StringComparer.Ordinal);
        for (var row = 0; row < Cells; row++)
        {
            for (var column = 0; column < Cells;)
            {
                var colour = CellColour(answers, row * Cells + column);
                var first = column;
                while (column < Cells && CellColour(answers, row * Cells + column) == colour)
                {
                    column++;
                }

                if (!paths.TryGetValue(colour, out var path))
                {
                    paths[colour] = path = new();
                }

                path.Append(Invariant($"M{first} {Cells - row - 1}h{column - first}v1H{first}z"));
            }
        }

        var scale = (double)size / Cells;
        return string.Concat(paths.Select(path => Invariant($"<path transform=\"scale({scale:0.####})\" fill=\"{path.Key}\" d=\"{path.Value}\"/>")));
    }

    private string CellColour(double[] answers, int cell)
    {
        if (classes == 0)
        {
            return double.IsNaN(answers[cell]) ? "#999" : Colour(Shade((answers[cell] - low) / (high - low)));
        }

        var best = 0;
        for (var i = 1; i < classes; i++)
        {
            best = answers[cell * classes + i] > answers[cell * classes + best] ? i : best;
        }

        var surest = answers[cell * classes + best];
        return double.IsNaN(surest) ? "#999" : Mixed(Classes[best], (Shade((surest - 1.0 / classes) / (1 - 1.0 / classes)) + 0.5) / Shades);
    }

    private static int Shade(double share) => Math.Clamp((int)(Math.Clamp(share, 0, 1) * Shades), 0, Shades - 1);

    // From orange through near white to blue.
    private static string Colour(int shade)
    {
        var towards = (shade + 0.5) / Shades * 2 - 1;
        return Mixed(Classes[towards < 0 ? 0 : 1], Math.Abs(towards));
    }

    private static string Mixed((int R, int G, int B) full, double share)
    {
        int Part(int part) => (int)Math.Round(245 + (part - 245) * share);
        return Invariant($"#{Part(full.R):x2}{Part(full.G):x2}{Part(full.B):x2}");
    }

    // The line w·x + b = 0 in the picture, with dots on its positive side. Computed in picture units, from 0 to 1.
    private string Line(double[] unit, int size)
    {
        var (a, b) = (unit[0] * (across.High - across.Low), unit[1] * (up.High - up.Low));
        var c = unit[2] + unit[0] * across.Low + unit[1] * up.Low;
        var crossings = new List<(double X, double Y)>();
        foreach (var edge in new[] { 0.0, 1.0 })
        {
            if (b != 0 && -(a * edge + c) / b is >= 0 and <= 1 and var atX)
            {
                crossings.Add((edge, atX));
            }

            if (a != 0 && -(b * edge + c) / a is >= 0 and <= 1 and var atY)
            {
                crossings.Add((atY, edge));
            }
        }

        if (crossings.Count < 2)
        {
            return "";
        }

        var (from, to) = (crossings.MinBy(point => point.X + 1e-9 * point.Y), crossings.MaxBy(point => point.X + 1e-9 * point.Y));
        var length = Math.Sqrt(a * a + b * b);
        var dots = new StringBuilder();
        for (var i = 1; i <= 5; i++)
        {
            var (x, y) = (from.X + (to.X - from.X) * i / 6 + 0.05 * a / length, from.Y + (to.Y - from.Y) * i / 6 + 0.05 * b / length);
            if (x is >= 0 and <= 1 && y is >= 0 and <= 1)
            {
                dots.Append(Invariant($"<circle class=\"backprop-side\" cx=\"{size * x:0.#}\" cy=\"{size * (1 - y):0.#}\" r=\"1.6\" fill=\"#111\"/>"));
            }
        }

        return Invariant($"<path d=\"M{size * from.X:0.#} {size * (1 - from.Y):0.#}L{size * to.X:0.#} {size * (1 - to.Y):0.#}\" stroke=\"#111\" stroke-width=\"1.5\"/>{dots}");
    }

    // There is space for the labels of a few samples.
    private string Sample(int i, int size)
    {
        var (x, y) = (size * across.Position(x1[i])!.Value, size * (1 - up.Position(x2[i])!.Value));
        var share = (labels[i] - low) / (high - low);
        var colour = classes > 0 ? Mixed(Classes[(int)labels[i]], 1) : Colour(Shade(share));
        if (labels.Length > 12)
        {
            return Invariant($"<circle class=\"backprop-sample\" cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"{(size > 200 ? 4 : 3)}\" fill=\"{colour}\" stroke=\"#fff\"/>");
        }

        var label = ShortNumber.Of(labels[i]);
        var ink = classes > 0 || Math.Abs(share - 0.5) > 0.4 ? "#fff" : "#111";
        return Invariant($"<circle class=\"backprop-sample\" cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"9\" fill=\"{colour}\" stroke=\"#fff\" stroke-width=\"2\"/><text class=\"backprop-sample\" x=\"{x:0.#}\" y=\"{y + 4:0.#}\" text-anchor=\"middle\" font-size=\"{(label.Length > 2 ? 8 : 11)}\" fill=\"{ink}\">{label}</text>");
    }

    // Evenly spaced indices of a list, including the first and the last.
    private static IEnumerable<int> Spread(int count, int most) =>
        Enumerable.Range(0, Math.Min(count, most)).Select(i => count <= most ? i : (int)((long)i * (count - 1) / (most - 1)));

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private sealed record Moment(string Title, double[] Answers, List<double[]> Lines, string Summary);
}

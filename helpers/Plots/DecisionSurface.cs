#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using TorchSharp;
using static System.FormattableString;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>What a network with two inputs answers over the unit square, at several moments of its training.</summary>
/// <remarks>
/// Orange stands for 0, blue for 1. The lines are where a hidden unit's input is zero; on their dotted side ReLU lets it through.
/// The pictures stand side by side; where scripts run, a slider goes through them one by one.
/// </remarks>
public sealed class DecisionSurface : RichOutput
{
    private const int Cells = 32;
    private const int Size = 128;
    private const int Shades = 16;

    private const string Slider = """
        (() => {
          for (const figure of document.querySelectorAll('.backprop-surface:not([data-slider])')) {
            figure.dataset.slider = '';
            const panels = [...figure.querySelectorAll('.backprop-panel')];
            const label = document.createElement('label');
            const slider = document.createElement('input');
            Object.assign(slider, { type: 'range', min: 0, max: panels.length, value: 0 });
            const say = document.createElement('span');
            const show = () => {
              panels.forEach((panel, i) => { panel.style.display = +slider.value === 0 || +slider.value === i + 1 ? '' : 'none'; });
              say.textContent = +slider.value === 0 ? ' all' : ' ' + panels[slider.value - 1].textContent.trim();
            };
            slider.addEventListener('input', show);
            label.append('moment ', slider, say);
            figure.prepend(label);
            show();
          }
        })();
        """;

    private readonly List<(string Title, double[] Answers, double[][] Lines)> moments = [];
    private readonly List<(double X1, double X2, double Answer)> samples;

    /// <summary>Takes the samples that are to be learned.</summary>
    /// <param name="x">The samples, shape [count, 2], in the unit square.</param>
    /// <param name="y">What their answers should be, shape [count].</param>
    public DecisionSurface(Tensor x, Tensor y)
    {
        var points = x.data<float>().ToArray();
        samples = y.data<float>().ToArray().Select((answer, i) => ((double)points[2 * i], (double)points[2 * i + 1], (double)answer)).ToList();
    }

    /// <summary>Keeps what the network answers now.</summary>
    /// <param name="title">What to call this moment, such as <c>epoch 100</c>.</param>
    /// <param name="network">Gives the answers, shape [count, 1], for points, shape [count, 2].</param>
    /// <param name="w1">The weights into the hidden units, shape [2, units].</param>
    /// <param name="b1">The biases of the hidden units, shape [units].</param>
    public void Add(string title, Func<Tensor, Tensor> network, Tensor w1, Tensor b1)
    {
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        var centres = Enumerable.Range(0, Cells).Select(i => (i + 0.5f) / Cells).ToList();
        var grid = torch.from_array(centres.SelectMany(x2 => centres.SelectMany(x1 => new[] { x1, x2 })).ToArray()).reshape(-1, 2);
        var answers = network(grid).to_type(torch.float64).contiguous().data<double>().ToArray();
        var weights = w1.detach().to_type(torch.float64).contiguous().data<double>().ToArray();
        var units = (int)b1.numel();
        var lines = b1.detach().to_type(torch.float64).data<double>().ToArray()
            .Select((bias, unit) => new[] { weights[unit], weights[units + unit], bias }).ToArray();
        moments.Add((title, answers, lines));
    }

    /// <inheritdoc/>
    public override string ToHtml()
    {
        RequireMoments();
        return $"""
            <figure class="backprop-surface" style="margin:0">
            <div style="display:flex;flex-wrap:wrap;gap:.75em">
            {string.Join('\n', moments.Select(Panel))}
            </div>
            <figcaption style="font-size:13px">Orange: nearer to 0, blue: nearer to 1. Circles: the samples. Lines: where a hidden unit switches on, towards the dots.</figcaption>
            <script>{Slider}</script>
            </figure>
            """;
    }

    /// <inheritdoc/>
    public override string ToText()
    {
        RequireMoments();
        return string.Join('\n', moments.Select(moment => $"{moment.Title}: {Answers(moment.Answers)}"));
    }

    private void RequireMoments()
    {
        if (moments.Count == 0)
        {
            throw new InvalidOperationException("There is nothing to show yet. Call Add first.");
        }
    }

    private string Panel((string Title, double[] Answers, double[][] Lines) moment)
    {
        var description = $"What the network answers over the unit square, {moment.Title}: {Answers(moment.Answers)}.";
        return Invariant($"""
            <div class="backprop-panel" style="font-size:13px;text-align:center"><svg role="img" aria-label="{Text(description)}" viewBox="-10 -10 {Size + 20} {Size + 20}" width="{Size + 20}" height="{Size + 20}" style="display:block">
            <g shape-rendering="crispEdges">{Squares(moment.Answers)}</g>
            {string.Concat(moment.Lines.Select(Line))}
            {string.Concat(samples.Select(Sample))}
            </svg>{Text(moment.Title)}</div>
            """);
    }

    // Neighbours of one shade in a row are one rectangle.
    private static string Squares(double[] answers)
    {
        var rectangles = new StringBuilder();
        const double side = (double)Size / Cells;
        for (var row = 0; row < Cells; row++)
        {
            for (var column = 0; column < Cells;)
            {
                var shade = Shade(answers[row * Cells + column]);
                var first = column;
                while (column < Cells && Shade(answers[row * Cells + column]) == shade)
                {
                    column++;
                }

                rectangles.Append(Invariant($"<rect x=\"{first * side}\" y=\"{Size - (row + 1) * side}\" width=\"{(column - first) * side}\" height=\"{side}\" fill=\"{Colour(shade)}\"/>"));
            }
        }

        return rectangles.ToString();
    }

    private static int Shade(double answer) => double.IsFinite(answer) ? Math.Clamp((int)(answer * Shades), 0, Shades - 1) : 0;

    // From orange over near white to blue.
    private static string Colour(int shade)
    {
        var towards = (shade + 0.5) / Shades * 2 - 1;
        var (r, g, b) = towards < 0 ? (234, 88, 12) : (37, 99, 235);
        int Mixed(int full) => (int)Math.Round(245 + (full - 245) * Math.Abs(towards));
        return Invariant($"#{Mixed(r):x2}{Mixed(g):x2}{Mixed(b):x2}");
    }

    // Where w·x + b = 0 crosses the square, with dots on the side where it is above zero.
    private static string Line(double[] unit)
    {
        var (a, b, c) = (unit[0], unit[1], unit[2]);
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
        var dots = Enumerable.Range(1, 5).Select(i => (X: from.X + (to.X - from.X) * i / 6 + 0.05 * a / length, Y: from.Y + (to.Y - from.Y) * i / 6 + 0.05 * b / length))
            .Where(dot => dot.X is >= 0 and <= 1 && dot.Y is >= 0 and <= 1);
        return Invariant($"<path d=\"M{Size * from.X:0.#} {Size * (1 - from.Y):0.#}L{Size * to.X:0.#} {Size * (1 - to.Y):0.#}\" stroke=\"#111\" stroke-width=\"1.5\"/>")
            + string.Concat(dots.Select(dot => Invariant($"<circle cx=\"{Size * dot.X:0.#}\" cy=\"{Size * (1 - dot.Y):0.#}\" r=\"1.6\" fill=\"#111\"/>")));
    }

    private static string Sample((double X1, double X2, double Answer) sample) => Invariant(
        $"<circle cx=\"{Size * sample.X1}\" cy=\"{Size * (1 - sample.X2)}\" r=\"9\" fill=\"{Colour(sample.Answer > 0.5 ? Shades - 1 : 0)}\" stroke=\"#fff\" stroke-width=\"2\"/><text x=\"{Size * sample.X1}\" y=\"{Size * (1 - sample.X2) + 4}\" text-anchor=\"middle\" font-size=\"11\" fill=\"#fff\">{sample.Answer:0}</text>");

    private string Answers(double[] answers) => string.Join(", ", samples.Select(sample =>
        Invariant($"({sample.X1:0.#}, {sample.X2:0.#}) {ShortNumber.Of(Math.Round(answers[Index(sample.X2) * Cells + Index(sample.X1)], 2))}")));

    private static int Index(double coordinate) => Math.Clamp((int)(coordinate * Cells), 0, Cells - 1);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

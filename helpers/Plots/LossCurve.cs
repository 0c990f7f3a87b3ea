#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Runtime.CompilerServices;
using XPlot.Plotly;

/// <summary>A chart of the loss by epoch, with a linear and a logarithmic scale.</summary>
/// <remarks>
/// If there are more than <see cref="MostPoints"/> epochs, only the first, lowest, highest, last and non-finite losses of every thousandth
/// part are drawn, so that no extreme is lost and the page stays small.
/// </remarks>
public sealed class LossCurve : RichOutput
{
    /// <summary>The maximum number of losses that are all drawn.</summary>
    public const int MostPoints = 10_000;

    private const int Parts = 1000;
    private const string Title = "Loss by epoch";

    private const string Style = """
        <style>
        .backprop-curve { margin: 0 0 .5em; max-width: 760px; }
        .backprop-curve figcaption { display: flex; margin-top: .5em; flex-wrap: wrap; gap: .25em 2em; justify-content: space-between; font-size: 13px; }
        .backprop-curve input { appearance: none; color: inherit; width: 1em; height: 1em; margin: 0 .4em 0 0; vertical-align: -.1em; border: 1px solid currentColor; border-radius: 2px; font-size: inherit; }
        .backprop-curve input:checked { background: linear-gradient(currentColor, currentColor) center / 60% 60% no-repeat; }
        .backprop-curve input:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
        .backprop-curve .backprop-plot > svg:last-of-type { display: none; }
        .backprop-curve:has(:checked) .backprop-plot > svg:first-of-type { display: none; }
        .backprop-curve:has(:checked) .backprop-plot > svg:last-of-type { display: inline; }
        @media print { .backprop-curve label { display: none; } }
        </style>
        """;

    private const string FollowTheSwitch = """
        const box = plot.parentElement.querySelector('input');
        const rescale = () => Plotly.relayout(live, box.checked
          ? { 'title.text': 'Loss by epoch (log scale)', 'yaxis.type': 'log', 'yaxis.autorange': true, 'yaxis.nticks': 4 }
          : { 'title.text': 'Loss by epoch', 'yaxis.type': 'linear', 'yaxis.autorange': true, 'yaxis.nticks': 0 });
        box.addEventListener('change', rescale);
        await rescale();
        """;

    private readonly double[] losses;
    private readonly List<(int Epoch, double Loss)> finite;
    private readonly List<int> drawn;

    /// <summary>Creates the chart from the current losses. Later additions to the list are not in the chart.</summary>
    /// <param name="losses">The loss after epoch 1, 2, 3, …</param>
    /// <exception cref="ArgumentException">There are no losses yet.</exception>
    [OverloadResolutionPriority(1)]
    public LossCurve(IEnumerable<float>? losses)
        : this(losses?.Select(loss => (double)loss).ToArray(), areSingle: true)
    {
    }

    /// <summary>Creates the chart from losses in double precision.</summary>
    /// <param name="losses">The loss after epoch 1, 2, 3, …</param>
    /// <exception cref="ArgumentException">There are no losses yet.</exception>
    public LossCurve(IEnumerable<double>? losses)
        : this(losses?.ToArray(), areSingle: false)
    {
    }

    private LossCurve(double[]? losses, bool areSingle)
    {
        if (losses is null or { Length: 0 })
        {
            throw new ArgumentException("There are no losses to plot yet. Run the training cell first, then this one again.", nameof(losses));
        }

        this.losses = losses;
        finite = losses.Select((loss, i) => (Epoch: i + 1, Loss: loss)).Where(point => double.IsFinite(point.Loss)).ToList();
        drawn = losses.Length <= MostPoints ? Enumerable.Range(0, losses.Length).ToList() : Extremes(losses);
        Chart = MakeChart(areSingle);
    }

    /// <summary>The interactive chart, for further use in XPlot.</summary>
    public PlotlyChart Chart { get; }

    /// <inheritdoc/>
    public override string ToHtml()
    {
        var values = finite.Select(point => point.Loss).ToList();
        var pictures = Picture(Title, "linear", PlotAxis.FromZero(values)) + "\n" + Picture($"{Title} (log scale)", "logarithmic", PlotAxis.Logarithmic(values));
        return $"""
            <figure class="backprop-curve">
            {Style}
            {PlotlyUpgrade.Of(pictures, Chart, FollowTheSwitch)}
            <figcaption><span>{WebUtility.HtmlEncode(Summary())}</span> <label><input type="checkbox">logarithmic scale</label></figcaption>
            </figure>
            """;
    }

    /// <inheritdoc/>
    public override string ToText() =>
        finite.Count == 0 ? $"{Title}. {Summary()}"
        : $"{Title}. {Summary()}\n{ShortNumber.Of(finite[0].Loss)} {Sparkline.Of(losses)} {ShortNumber.Of(finite[^1].Loss)}";

    // The indices of the first, lowest, highest and last loss of every part, and of the first non-finite one.
    private static List<int> Extremes(double[] losses)
    {
        var places = new List<int>();
        for (var part = 0; part < Parts; part++)
        {
            var (from, to) = ((int)((long)part * losses.Length / Parts), (int)((part + 1L) * losses.Length / Parts));
            var (lowest, highest, gap) = (-1, -1, -1);
            for (var i = from; i < to; i++)
            {
                if (!double.IsFinite(losses[i]))
                {
                    gap = gap < 0 ? i : gap;
                    continue;
                }

                lowest = lowest < 0 || losses[i] < losses[lowest] ? i : lowest;
                highest = highest < 0 || losses[i] > losses[highest] ? i : highest;
            }

            places.AddRange(new[] { from, lowest, highest, gap, to - 1 }.Where(place => place >= 0).Distinct().Order());
        }

        return places;
    }

    private PlotlyChart MakeChart(bool areSingle)
    {
        const string grid = "rgba(127,127,127,.3)";
        var font = new Font { family = "inherit", size = 13 };
        // Floats are serialized with the digits of a float.
        var y = drawn.Select(place => losses[place]);
        var trace = new HoverScatter
        {
            x0 = 1,
            dx = 1,
            y = areSingle ? y.Select(loss => double.IsFinite(loss) ? (float)loss : (float?)null) : y.Select(loss => double.IsFinite(loss) ? loss : (double?)null),
            mode = losses.Length == 1 ? "markers" : "lines",
            line = new Line { color = "#2563eb", width = 2 },
            hovertemplate = "epoch %{x:d}<br>loss %{y:.6~g}<extra></extra>",
        };
        if (drawn.Count < losses.Length)
        {
            trace.x = drawn.Select(place => place + 1);
        }

        var chart = XPlot.Plotly.Chart.Plot(trace);
        chart.WithLayout(new NearestLayout
        {
            title = Title,
            titlefont = new Font { size = 15 },
            font = font,
            margin = new Margin { t = 52, r = 24, b = 46, l = 64 },
            xaxis = new Xaxis { title = "epoch", titlefont = font, dtick = losses.Length < 6 ? 1 : null, gridcolor = grid, zeroline = false },
            yaxis = new WideYaxis { title = "loss", titlefont = font, gridcolor = grid, tickformat = "~g", zeroline = false, rangemode = "tozero", automargin = true },
            paper_bgcolor = "transparent",
            plot_bgcolor = "transparent",
            hovermode = "closest",
            hoverdistance = -1,
        });
        return chart;
    }

    private string Picture(string title, string scale, PlotAxis y)
    {
        var description = $"Line chart: {Title.ToLowerInvariant()}, on a {scale} scale. {Summary()}";
        var between = finite.Count < 5 ? [] : Enumerable.Range(1, 3).Select(quarter => finite[quarter * finite.Count / 4 - 1]).ToList();
        if (between.Count > 0)
        {
            description += $" In between: {string.Join(", ", between.Select(At))}.";
        }

        var hidden = finite.Count(point => y.Position(point.Loss) is null);
        if (hidden > 0)
        {
            description += $" Not shown, because they are not above zero: {hidden}.";
        }

        if (drawn.Count < losses.Length)
        {
            description += $" Drawn: the lowest and the highest of every {losses.Length / Parts} epochs.";
        }

        return new LinePlot(title, "epoch", "loss", PlotAxis.Counted(1, losses.Length), y)
            .ToSvg(drawn.Select(place => (place + 1.0, losses[place])), description);
    }

    private string Summary()
    {
        var summary = finite.Count switch
        {
            0 => "",
            1 => $"{At(finite[0])}.",
            _ => $"From {At(finite[0])} to {At(finite[^1])}.",
        };
        if (finite.Count < losses.Length)
        {
            var first = Array.FindIndex(losses, loss => !double.IsFinite(loss)) + 1;
            summary += $" Not a finite number in {losses.Length - finite.Count} of {losses.Length} epochs, first in epoch {first}.";
        }

        return summary.TrimStart();
    }

    private static string At((int Epoch, double Loss) point) => $"{ShortNumber.Of(point.Loss)} at epoch {point.Epoch}";

    // Properties of Plotly that XPlot 4.1.0 lacks.
    private sealed class HoverScatter : Scatter
    {
        public string hovertemplate { get; init; } = "";
    }

    private sealed class WideYaxis : Yaxis
    {
        public bool automargin { get; init; }
    }

    private sealed class NearestLayout : Layout.Layout
    {
        public int hoverdistance { get; init; }
    }
}

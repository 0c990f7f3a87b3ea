#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;

/// <summary>A line through equally spaced points, drawn as SVG and as a row of blocks.</summary>
public sealed class LinePlot
{
    private const double Width = 640;
    private const double Height = 340;
    private const double Left = 62;
    private const double Right = 16;
    private const double Top = 34;
    private const double Bottom = 46;
    private const string Blocks = "▁▂▃▄▅▆▇█";

    private static readonly double[] NiceSteps = { 1, 2, 5, 10 };

    private readonly IReadOnlyList<float> values;
    private readonly double lowest;
    private readonly double highest;

    /// <summary>Takes the points.</summary>
    /// <param name="values">The heights of the points 1, 2, 3 …; one that is no finite number leaves a gap.</param>
    public LinePlot(IReadOnlyList<float> values)
    {
        this.values = values;
        var finite = values.Where(float.IsFinite).DefaultIfEmpty(0).ToList();
        lowest = Math.Min(0, finite.Min());
        highest = finite.Max() > lowest ? finite.Max() : lowest + 1;
    }

    /// <summary>What stands above the picture.</summary>
    public string Title { get; init; } = "";

    /// <summary>What is counted from left to right.</summary>
    public string XTitle { get; init; } = "";

    /// <summary>What is measured from bottom to top.</summary>
    public string YTitle { get; init; } = "";

    /// <summary>The picture in words, for those who do not see it.</summary>
    public string Description { get; init; } = "";

    /// <summary>Round numbers, about <paramref name="count"/> of them, between two bounds.</summary>
    /// <remarks>Steps of 1, 2 or 5 times a power of ten: P. Heckbert, "Nice Numbers for Graph Labels", Graphics Gems, 1990.</remarks>
    public static IReadOnlyList<double> Ticks(double from, double to, int count)
    {
        var rough = (to - from) / count;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * NiceSteps.First(nice => nice * power >= rough * 0.999);
        var first = (int)Math.Ceiling(from / step - 1e-9);
        var last = (int)Math.Floor(to / step + 1e-9);
        return Enumerable.Range(first, last - first + 1).Select(i => Math.Round(i * step, 12)).ToList();
    }

    /// <summary>The picture, in the colours of the page it stands in.</summary>
    public string ToSvg()
    {
        var svg = new StringBuilder();
        svg.Append(Invariant($"<svg role=\"img\" aria-label=\"{Text(Description)}\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\""));
        svg.Append(" style=\"display:block;max-width:100%;height:auto;font:12px sans-serif\" fill=\"currentColor\">");
        svg.Append("<title>").Append(Text(Description)).Append("</title>");
        foreach (var tick in Ticks(lowest, highest, 5))
        {
            svg.Append(Invariant($"<path d=\"M{Left} {Y(tick)}H{Width - Right}\" stroke=\"currentColor\" stroke-opacity=\".18\"/>"));
            svg.Append(Invariant($"<text x=\"{Left - 8}\" y=\"{Y(tick) + 4}\" text-anchor=\"end\">{tick}</text>"));
        }

        foreach (var tick in Ticks(1, Math.Max(values.Count, 2), 5).Where(tick => tick >= 1 && tick == Math.Floor(tick)))
        {
            svg.Append(Invariant($"<path d=\"M{X(tick)} {Height - Bottom}v5\" stroke=\"currentColor\"/>"));
            svg.Append(Invariant($"<text x=\"{X(tick)}\" y=\"{Height - Bottom + 19}\" text-anchor=\"middle\">{tick}</text>"));
        }

        svg.Append(Invariant($"<path d=\"M{Left} {Top}V{Height - Bottom}H{Width - Right}\" fill=\"none\" stroke=\"currentColor\"/>"));
        svg.Append(Invariant($"<text x=\"{(Left + Width - Right) / 2}\" y=\"18\" text-anchor=\"middle\" font-size=\"15\">{Text(Title)}</text>"));
        svg.Append(Invariant($"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 8}\" text-anchor=\"middle\">{Text(XTitle)}</text>"));
        svg.Append(Invariant($"<text transform=\"translate(14 {(Top + Height - Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{Text(YTitle)}</text>"));
        svg.Append(Invariant($"<path d=\"{Line()}\" fill=\"none\" stroke=\"var(--vscode-charts-blue, #3b82f6)\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>"));
        return svg.Append("</svg>").ToString();
    }

    /// <summary>The line as a row of blocks, each as high as the mean of the points it stands for.</summary>
    /// <param name="columns">The number of blocks, at most.</param>
    public string ToBlocks(int columns)
    {
        var width = Math.Min(columns, values.Count);
        var means = Enumerable.Range(0, width)
            .Select(column => values.Take(Start(column)..Start(column + 1)).Where(float.IsFinite).Select(value => (double)value).DefaultIfEmpty(double.NaN).Average());
        return string.Concat(means.Select(mean => double.IsNaN(mean) ? ' ' : Blocks[(int)Math.Round((mean - lowest) / (highest - lowest) * (Blocks.Length - 1))]));

        int Start(int column) => (int)((long)column * values.Count / width);
    }

    // Of all the points that share a column of pixels, the lowest and the highest are drawn, so that no spike is lost.
    private string Line()
    {
        var path = new StringBuilder();
        var pen = 'M';
        foreach (var column in Enumerable.Range(1, values.Count).GroupBy(i => (int)X(i)))
        {
            var finite = column.Where(i => float.IsFinite(values[i - 1])).ToList();
            if (finite.Count == 0)
            {
                pen = 'M';
                continue;
            }

            var low = finite.MinBy(i => values[i - 1]);
            var high = finite.MaxBy(i => values[i - 1]);
            foreach (var i in new[] { Math.Min(low, high), Math.Max(low, high) }.Distinct())
            {
                path.Append(Invariant($"{pen}{X(i):0.#} {Y(values[i - 1]):0.#}"));
                pen = 'L';
            }
        }

        // A single point is a line of no length, which the round cap makes a dot.
        return values.Count == 1 ? path + "h0" : path.ToString();
    }

    private double X(double i) => Left + (Width - Left - Right) * (values.Count == 1 ? 0.5 : (i - 1) / (values.Count - 1));

    private double Y(double value) => Height - Bottom - (Height - Bottom - Top) * (value - lowest) / (highest - lowest);

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

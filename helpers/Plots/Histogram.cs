#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using static System.FormattableString;

/// <summary>A histogram with equal intervals from zero to the largest value.</summary>
public sealed class Histogram : RichOutput
{
    private const int Top = 48;
    private const int Bottom = 46;
    private const int Height = 300;
    private const int TextWidth = 40;

    private readonly string title;
    private readonly string xTitle;
    private readonly string yTitle;
    private readonly double binWidth;

    /// <summary>Creates the histogram.</summary>
    /// <param name="title">The title.</param>
    /// <param name="xTitle">The title of the horizontal axis, the name of the values.</param>
    /// <param name="yTitle">The title of the vertical axis, the name of what is counted.</param>
    /// <param name="values">The values, at least zero.</param>
    /// <param name="bins">The number of intervals, up to 200.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of intervals is not from 1 to 200.</exception>
    /// <exception cref="ArgumentException">There are no values, or one is negative or not finite.</exception>
    public Histogram(string title, string xTitle, string yTitle, IReadOnlyList<double> values, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, 200);
        if (values.Count == 0 || values.Any(value => value < 0 || !double.IsFinite(value)))
        {
            throw new ArgumentException("A histogram needs values, none of them negative, infinite or nan.", nameof(values));
        }

        (this.title, this.xTitle, this.yTitle) = (title, xTitle, yTitle);
        var largest = values.Max();
        binWidth = (largest > 0 ? largest : 1) / bins;
        var counts = new int[bins];
        foreach (var value in values)
        {
            counts[Math.Min(bins - 1, (int)(value / binWidth))]++;
        }

        Counts = counts;
    }

    /// <summary>The number of values in each interval, lowest interval first.</summary>
    public IReadOnlyList<int> Counts { get; }

    /// <inheritdoc/>
    public override string ToHtml()
    {
        var y = PlotAxis.FromZero(Counts.Select(count => (double)count));
        var x = PlotAxis.FromZero([binWidth * Counts.Count]);
        var bars = Counts.Select((count, i) => (From: x.Position(i * binWidth)!.Value, To: x.Position((i + 1) * binWidth)!.Value, Height: y.Position(count)!.Value));
        return Invariant($"""
            <svg role="img" aria-label="{Text(Description())}" fill="currentColor" font-size="13" style="width:100%;height:{Height}px;box-sizing:border-box;max-width:760px;overflow:visible;padding:{Top}px 24px {Bottom}px {y.Margin(yTitle)}px">
            <text x="50%" y="-26" text-anchor="middle" font-size="15">{Text(title)}</text>
            <text x="-8" y="-14" text-anchor="end">{Text(yTitle)}</text>
            <text x="50%" y="{Height - Top - Bottom + 40}" text-anchor="middle">{Text(xTitle)}</text>
            {string.Concat(y.Ticks.Select(tick => Invariant($"<line x2=\"100%\" y1=\"{100 * (1 - tick.Position):0.##}%\" y2=\"{100 * (1 - tick.Position):0.##}%\" stroke=\"currentColor\" stroke-opacity=\".18\"/><text x=\"-8\" y=\"{100 * (1 - tick.Position):0.##}%\" dy=\"4.5\" text-anchor=\"end\">{tick.Label}</text>")))}
            {string.Concat(x.Ticks.Select(tick => Invariant($"<text x=\"{100 * tick.Position:0.##}%\" y=\"100%\" dy=\"18\" text-anchor=\"middle\">{tick.Label}</text>")))}
            {string.Concat(bars.Select(bar => Invariant($"<rect x=\"{100 * bar.From + 0.1:0.##}%\" y=\"{100 * (1 - bar.Height):0.##}%\" width=\"{100 * (bar.To - bar.From) - 0.2:0.##}%\" height=\"{100 * bar.Height:0.##}%\" fill=\"#2563eb\" fill-opacity=\".85\"/>")))}
            <line x2="100%" y1="100%" y2="100%" stroke="currentColor" stroke-opacity=".6"/>
            </svg>
            """);
    }

    /// <inheritdoc/>
    public override string ToText()
    {
        var most = Counts.Max();
        var lines = Counts.Select((count, i) => (count, i)).Where(bin => bin.count > 0)
            .Select(bin => Invariant($"{ShortNumber.Of(bin.i * binWidth),8} {new string('█', (int)Math.Ceiling((double)bin.count * TextWidth / most))} {bin.count}"));
        return $"{title} ({xTitle}, {yTitle})\n{string.Join('\n', lines)}";
    }

    private string Description()
    {
        var peaks = Counts.Select((count, i) => (count, i)).OrderByDescending(bin => bin.count).Take(4).Where(bin => bin.count > 0)
            .Select(bin => Invariant($"{bin.count} from {ShortNumber.Of(bin.i * binWidth)} to {ShortNumber.Of((bin.i + 1) * binWidth)}"));
        return $"Histogram: {title}. {xTitle} of {Counts.Sum()} {yTitle}; the fullest intervals: {string.Join(", ", peaks)}.";
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;
using static System.FormattableString;

/// <summary>A line plot as SVG.</summary>
/// <remarks>
/// The picture takes the available width, while its text and its height keep their size: the plot area is the content box of the SVG
/// element, everything in it is positioned in percent, and titles and tick labels are in the padding around it. The size is part of the
/// style because pages such as JupyterLab set the height of every picture to <c>auto</c>, which overrides an attribute.
/// </remarks>
/// <param name="title">The title.</param>
/// <param name="xTitle">The title of the horizontal axis.</param>
/// <param name="yTitle">The title of the vertical axis.</param>
/// <param name="x">The horizontal axis.</param>
/// <param name="y">The vertical axis.</param>
public sealed class LinePlot(string title, string xTitle, string yTitle, PlotAxis x, PlotAxis y)
{
    /// <summary>The height of the picture in pixels.</summary>
    public const int Height = 340;

    private const int Top = 52;
    private const int Bottom = 46;
    private const int PlotHeight = Height - Top - Bottom;
    private const int Columns = 500;

    private const string Nothing = """<text x="50%" y="50%" text-anchor="middle">no value can be shown on this scale</text>""";

    /// <summary>Draws the line through points in the order of x, with the values at both ends and a gap for every point that is not on the axes.</summary>
    /// <param name="points">The points. If there are more than fit on a screen, only the first, lowest, highest and last of every pixel column are drawn.</param>
    /// <param name="description">The text alternative of the picture.</param>
    /// <returns>An <c>svg</c> element.</returns>
    public string ToSvg(IEnumerable<(double X, double Y)> points, string description)
    {
        var runs = Runs(points);
        var drawn = runs.SelectMany(run => run).ToList();
        return Invariant($"""
            <svg role="img" aria-label="{Text(description)}" fill="currentColor" font-size="13" style="width:100%;height:{Height}px;box-sizing:border-box;vertical-align:top;overflow:visible;padding:{Top}px 24px {Bottom}px {y.Margin(yTitle)}px">
            <text x="50%" y="-30" text-anchor="middle" font-size="15">{Text(title)}</text>
            <text x="-8" y="-16" text-anchor="end">{Text(yTitle)}</text>
            <text x="50%" y="{PlotHeight + 40}" text-anchor="middle">{Text(xTitle)}</text>
            {string.Join('\n', y.Ticks.Select(YTick))}
            {string.Join('\n', x.Ticks.Select(XTick))}
            <line x2="100%" y1="100%" y2="100%" stroke="currentColor" stroke-opacity=".6"/>
            <svg aria-hidden="true" width="100%" height="100%" viewBox="0 0 1000 1000" preserveAspectRatio="none" overflow="visible"><path class="backprop-line" fill="none" stroke="#2563eb" stroke-width="2" stroke-linejoin="round" stroke-linecap="round" vector-effect="non-scaling-stroke" d="{string.Concat(runs.Select(Path))}"/></svg>
            {(drawn.Count > 0 ? string.Join('\n', Ends(drawn)) : Nothing)}
            </svg>
            """);
    }

    private static string YTick((double Position, string Label) tick)
    {
        var at = Percent(1 - tick.Position);
        return $"""<line x2="100%" y1="{at}" y2="{at}" stroke="currentColor" stroke-opacity=".18"/><text x="-8" y="{at}" dy="4.5" text-anchor="end">{tick.Label}</text>""";
    }

    private static string XTick((double Position, string Label) tick)
    {
        var at = Percent(tick.Position);
        return Invariant($"""<line x1="{at}" x2="{at}" y1="100%" y2="{PlotHeight + 5}" stroke="currentColor" stroke-opacity=".6"/><text x="{at}" y="{PlotHeight + 20}" text-anchor="middle">{tick.Label}</text>""");
    }

    /// <summary>Returns the segments of the line between gaps, thinned out. X and Y run from 0 to 1, Y downwards.</summary>
    private List<List<Point>> Runs(IEnumerable<(double X, double Y)> points)
    {
        var runs = new List<List<Point>>();
        var broken = true;
        foreach (var point in points)
        {
            if (x.Position(point.X) is not { } right || y.Position(point.Y) is not { } up)
            {
                broken = true;
                continue;
            }

            if (broken)
            {
                runs.Add([]);
                broken = false;
            }

            runs[^1].Add(new(right, 1 - up, point.Y));
        }

        return runs.Select(Thinned).ToList();
    }

    private static List<Point> Thinned(List<Point> run) =>
        run.GroupBy(point => (int)(point.X * Columns))
            .SelectMany(column => run.Count <= Columns ? column : OrderedExtremes(column.ToList()))
            .ToList();

    private static IEnumerable<Point> OrderedExtremes(List<Point> column) =>
        new[] { column[0], column.MinBy(point => point.Y)!, column.MaxBy(point => point.Y)!, column[^1] }.Distinct().OrderBy(point => point.X);

    // Relative steps on a grid of 1000 by 1000: few characters, and rounding errors do not add up.
    private static string Path(List<Point> run)
    {
        var path = new StringBuilder();
        var (lastX, lastY) = (0, 0);
        foreach (var point in run)
        {
            var (gridX, gridY) = ((int)Math.Round(point.X * 1000), (int)Math.Round(point.Y * 1000));
            path.Append(path.Length == 0 ? Invariant($"M{gridX} {gridY}l0 0") : Invariant($" {gridX - lastX} {gridY - lastY}"));
            (lastX, lastY) = (gridX, gridY);
        }

        return path.ToString();
    }

    private static IEnumerable<string> Ends(List<Point> drawn) => drawn.Count == 1
        ? [End(drawn[0], "middle", drawn)]
        : [End(drawn[0], "start", drawn), End(drawn[^1], "end", drawn)];

    private static string End(Point end, string anchor, List<Point> drawn) =>
        Invariant($"""<circle class="backprop-dot" cx="{Percent(end.X)}" cy="{Percent(end.Y)}" r="3.5" fill="#2563eb"/><text x="{Percent(end.X)}" y="{Above(drawn, end)}" text-anchor="{anchor}">{ShortNumber.Of(end.Value)}</text>""");

    // Above the whole part of the line below the label, so that they never touch. In a picture of 300 pixels a character is narrower than 1/40.
    private static int Above(List<Point> drawn, Point end)
    {
        var reach = ShortNumber.Of(end.Value).Length / 40.0;
        return (int)(drawn.Where(point => Math.Abs(point.X - end.X) <= reach).Min(point => point.Y) * PlotHeight) - 8;
    }

    private static string Percent(double share) => (share * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private sealed record Point(double X, double Y, double Value);
}

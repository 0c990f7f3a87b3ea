#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using static System.FormattableString;

/// <summary>A table with a caption and a header for every row and column.</summary>
/// <remarks>
/// The table stays readable with any amount of data: if there are more than <see cref="MostRows"/> rows, it shows the first, the last and the most
/// significant ones, and says how many it omits; columns are limited to <see cref="MostColumns"/>. Long texts are shortened in the middle,
/// so that the HTML stays below <see cref="MostBytes"/>.
/// </remarks>
public sealed class RichTable : RichOutput
{
    /// <summary>The maximum number of rows, not counting single rows between two shown ones.</summary>
    public const int MostRows = 60;

    /// <summary>The maximum number of columns.</summary>
    public const int MostColumns = 24;

    /// <summary>The maximum size of the HTML in bytes.</summary>
    public const int MostBytes = 400_000;

    private const int Share = MostRows / 3;
    private const int LongestRow = 960;
    private const int LongestCaption = 1000;

    private const string Style = """
        <style>
        .backprop-table { overflow-x: auto; max-width: 100%; container-type: inline-size; }
        .backprop-table table { border-collapse: collapse; font-size: clamp(10px, 2.85cqi, 13px); font-variant-numeric: tabular-nums; margin: 0; }
        .backprop-table caption { caption-side: top; text-align: left; padding: 0 0 .5em; color: inherit; }
        .backprop-table :is(th, td) { padding: .2em .4em; text-align: right; border: 0 solid rgba(127, 127, 127, .4); border-bottom-width: 1px; white-space: nowrap; }
        .backprop-table tr > :first-child { text-align: left; padding-left: 0; }
        .backprop-table tbody th { font-weight: normal; }
        .backprop-table td { print-color-adjust: exact; }
        </style>
        """;

    private readonly string caption;
    private readonly List<string> columns;
    private readonly List<(string Header, List<Cell> Cells)> shown;
    private readonly IReadOnlyList<int> places;

    /// <summary>Creates a table.</summary>
    /// <param name="caption">The caption.</param>
    /// <param name="columns">The column headers, starting with that of the row headers.</param>
    /// <param name="rows">The rows.</param>
    public RichTable(string caption, IReadOnlyList<string> columns, IReadOnlyList<Row> rows)
        : this(caption, columns, rows.Count, Choose(rows.Count), place => rows[place])
    {
    }

    /// <summary>Creates a table of chosen rows, and only these rows.</summary>
    /// <param name="caption">The caption.</param>
    /// <param name="columns">The column headers, starting with that of the row headers.</param>
    /// <param name="count">The number of all rows.</param>
    /// <param name="places">The indices of the rows to show, from <see cref="Choose"/>.</param>
    /// <param name="row">Creates the row with an index.</param>
    /// <param name="most">The quantity by which rows were chosen, such as <c>gradients</c>; null for none.</param>
    public RichTable(string caption, IReadOnlyList<string> columns, int count, IReadOnlyList<int> places, Func<int, Row> row, string? most = null)
    {
        this.places = places;
        var longest = Math.Max(12, LongestRow / Math.Min(MostColumns, columns.Count));
        var leftOut = columns.Count > MostColumns ? Invariant($" {MostColumns - 1} of {columns.Count} columns: the first and the last.") : "";
        var rowsLeftOut = count > places.Count
            ? Invariant($" {places.Count} of {count} rows: the first and the last {Share}{(most is null ? "" : $", and those with the largest {most}")}.")
            : "";
        this.caption = Shortened(caption, LongestCaption) + leftOut + rowsLeftOut;
        this.columns = Fitting(columns, "…").Select(header => Shortened(header, longest)).ToList();
        shown = places.Select(place => Fitting(row(place), longest)).ToList();
    }

    /// <summary>A cell.</summary>
    /// <param name="Text">The text.</param>
    /// <param name="Shade">The shade, from -1 (orange) through 0 (none) to 1 (blue).</param>
    public sealed record Cell(string Text, double Shade = 0);

    /// <summary>A row.</summary>
    /// <param name="Header">The row header.</param>
    /// <param name="Cells">The cells after the header.</param>
    public sealed record Row(string Header, IReadOnlyList<Cell> Cells);

    /// <summary>Chooses the rows to show: all, or the first, the last and the most significant ones.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="size">Returns the significance of a row, where nan is the highest; null if all are equal.</param>
    /// <returns>The indices of the rows, in order.</returns>
    public static IReadOnlyList<int> Choose(int count, Func<int, double>? size = null)
    {
        if (count <= MostRows)
        {
            return Enumerable.Range(0, count).ToList();
        }

        var edges = Enumerable.Range(0, Share).Concat(Enumerable.Range(count - Share, Share));
        var between = Enumerable.Range(Share, count - 2 * Share);
        return size is null
            ? edges.ToList()
            : WithoutSmallGaps(edges.Concat(between.OrderByDescending(place => double.IsNaN(size(place)) ? double.PositiveInfinity : size(place)).ThenBy(place => place).Take(Share)).Order());
    }

    /// <inheritdoc/>
    public override string ToHtml() => $"""
        <div class="backprop-table">
        {Style}
        <table>
        <caption>{Text(caption)}</caption>
        <thead><tr>{string.Concat(columns.Select(column => $"<th scope=\"col\">{Text(column)}</th>"))}</tr></thead>
        <tbody>
        {string.Join('\n', shown.Select(HtmlRow))}
        </tbody>
        </table>
        </div>
        """;

    /// <inheritdoc/>
    public override string ToText()
    {
        var lines = shown.Select(row => row.Cells.Select(cell => cell.Text).Prepend(row.Header).ToList()).Prepend(columns).ToList();
        var widths = columns.Select((_, i) => lines.Max(line => line[i].Length)).ToList();
        var texts = lines.Select(line => string.Join("  ", line.Select((text, i) => i == 0 ? text.PadRight(widths[i]) : text.PadLeft(widths[i]))).TrimEnd()).ToList();
        return caption + "\n" + texts[0] + string.Concat(texts.Skip(1).Select((text, i) => (LeftOutBefore(i) is { } gap ? "\n" + gap : "") + "\n" + text));
    }

    // A single row takes no more space than the note that it is omitted.
    private static List<int> WithoutSmallGaps(IEnumerable<int> places)
    {
        var whole = new List<int>();
        foreach (var place in places)
        {
            if (whole.Count > 0 && place - whole[^1] == 2)
            {
                whole.Add(place - 1);
            }

            whole.Add(place);
        }

        return whole;
    }

    private string HtmlRow((string Header, List<Cell> Cells) row, int i)
    {
        var gap = LeftOutBefore(i) is { } left ? Invariant($"<tr><th scope=\"row\" colspan=\"{columns.Count}\">{left}</th></tr>\n") : "";
        return $"{gap}<tr><th scope=\"row\">{Text(row.Header)}</th>{string.Concat(row.Cells.Select(Data))}</tr>";
    }

    private string? LeftOutBefore(int i)
    {
        var missing = i == 0 ? 0 : places[i] - places[i - 1] - 1;
        return missing == 0 ? null : Invariant($"… {missing} left out");
    }

    private static (string Header, List<Cell> Cells) Fitting(Row row, int longest)
    {
        var cells = Fitting<Cell>([new(""), .. row.Cells], new Cell("…")).Skip(1);
        return (Shortened(row.Header, longest), cells.Select(cell => cell with { Text = Shortened(cell.Text, longest) }).ToList());
    }

    // The first and the last items, with a placeholder between them.
    private static IEnumerable<T> Fitting<T>(IReadOnlyList<T> items, T mark) => items.Count <= MostColumns
        ? items
        : [.. items.Take(MostColumns / 2), mark, .. items.Skip(items.Count - MostColumns / 2 + 1)];

    private static string Shortened(string text, int longest) =>
        text.Length <= longest ? text : text[..(longest / 2)] + "…" + text[^(longest / 2 - 1)..];

    private static string Data(Cell cell) => cell.Shade == 0
        ? $"<td>{Text(cell.Text)}</td>"
        : $"<td style=\"background:{Colour(cell.Shade)}\">{Text(cell.Text)}</td>";

    // Transparent enough for the contrast of the text, in light and dark themes.
    private static string Colour(double shade)
    {
        var opacity = Math.Round(0.06 + 0.36 * Math.Abs(shade), 2);
        return Invariant($"rgba({(shade > 0 ? "37,99,235" : "234,88,12")},{opacity})");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

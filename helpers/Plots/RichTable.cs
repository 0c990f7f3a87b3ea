#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using static System.FormattableString;

/// <summary>A table of texts and numbers, with a caption and a header to every row and column.</summary>
/// <remarks>
/// However much it is given, it stays readable: of more than <see cref="MostRows"/> rows it shows the first, the last and those that
/// count most, and says how many it leaves out; likewise of more than <see cref="MostColumns"/> columns. Long texts are shortened
/// in their middle, so that its HTML stays below <see cref="MostBytes"/>.
/// </remarks>
public sealed class RichTable : RichOutput
{
    /// <summary>The most rows that are shown; a single row between two of them is shown, too.</summary>
    public const int MostRows = 60;

    /// <summary>The most columns that are shown.</summary>
    public const int MostColumns = 24;

    /// <summary>The most bytes that the HTML takes.</summary>
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

    /// <summary>Makes a table of rows.</summary>
    /// <param name="caption">What the table shows.</param>
    /// <param name="columns">The header of every column, that of the row headers first.</param>
    /// <param name="rows">The rows, each with its header and a cell for each further column.</param>
    public RichTable(string caption, IReadOnlyList<string> columns, IReadOnlyList<Row> rows)
        : this(caption, columns, rows.Count, Choose(rows.Count), place => rows[place])
    {
    }

    /// <summary>Makes a table of rows of which some were chosen, and only those are made.</summary>
    /// <param name="caption">What the table shows.</param>
    /// <param name="columns">The header of every column, that of the row headers first.</param>
    /// <param name="count">How many rows there are in all.</param>
    /// <param name="places">Which of them are shown, as <see cref="Choose"/> gives them.</param>
    /// <param name="row">Makes the row of a place.</param>
    /// <param name="most">What the rows that count most have the largest of, such as <c>gradient</c>; null when none count more than others.</param>
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
    /// <param name="Text">What it says.</param>
    /// <param name="Shade">How strongly it is shaded, from -1 (orange) over 0 (not at all) to 1 (blue).</param>
    public sealed record Cell(string Text, double Shade = 0);

    /// <summary>A row.</summary>
    /// <param name="Header">What the row is about.</param>
    /// <param name="Cells">Its cells, without the header.</param>
    public sealed record Row(string Header, IReadOnlyList<Cell> Cells);

    /// <summary>Chooses the rows to show: all, or the first, the last and those that count most.</summary>
    /// <param name="count">How many rows there are.</param>
    /// <param name="size">How much the row of a place counts; nan counts most. Null when none counts more than others.</param>
    /// <returns>The places of the rows, in order.</returns>
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

    // One row alone takes no more room than the words that it is left out.
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

    // The first and the last, with a mark between them.
    private static IEnumerable<T> Fitting<T>(IReadOnlyList<T> items, T mark) => items.Count <= MostColumns
        ? items
        : [.. items.Take(MostColumns / 2), mark, .. items.Skip(items.Count - MostColumns / 2 + 1)];

    private static string Shortened(string text, int longest) =>
        text.Length <= longest ? text : text[..(longest / 2)] + "…" + text[^(longest / 2 - 1)..];

    private static string Data(Cell cell) => cell.Shade == 0
        ? $"<td>{Text(cell.Text)}</td>"
        : $"<td style=\"background:{Colour(cell.Shade)}\">{Text(cell.Text)}</td>";

    // Transparent enough for the page's own text colour to stand out, on a light page and on a dark one.
    private static string Colour(double shade)
    {
        var opacity = Math.Round(0.06 + 0.36 * Math.Abs(shade), 2);
        return Invariant($"rgba({(shade > 0 ? "37,99,235" : "234,88,12")},{opacity})");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

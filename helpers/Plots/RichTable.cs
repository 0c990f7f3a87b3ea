#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using static System.FormattableString;

/// <summary>A table of texts and numbers, with a caption and a header to every row and column.</summary>
/// <param name="caption">What the table shows.</param>
/// <param name="columns">The header of every column, that of the row headers first.</param>
/// <param name="rows">The rows, each with its header and a cell for each further column.</param>
public sealed class RichTable(string caption, IReadOnlyList<string> columns, IReadOnlyList<RichTable.Row> rows) : RichOutput
{
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

    /// <summary>A cell.</summary>
    /// <param name="Text">What it says.</param>
    /// <param name="Shade">How strongly it is shaded, from -1 (orange) over 0 (not at all) to 1 (blue).</param>
    public sealed record Cell(string Text, double Shade = 0);

    /// <summary>A row.</summary>
    /// <param name="Header">What the row is about.</param>
    /// <param name="Cells">Its cells, without the header.</param>
    public sealed record Row(string Header, IReadOnlyList<Cell> Cells);

    /// <inheritdoc/>
    public override string ToHtml() => $"""
        <div class="backprop-table">
        {Style}
        <table>
        <caption>{Text(caption)}</caption>
        <thead><tr>{string.Concat(columns.Select(column => $"<th scope=\"col\">{Text(column)}</th>"))}</tr></thead>
        <tbody>
        {string.Join('\n', rows.Select(row => $"<tr><th scope=\"row\">{Text(row.Header)}</th>{string.Concat(row.Cells.Select(Data))}</tr>"))}
        </tbody>
        </table>
        </div>
        """;

    /// <inheritdoc/>
    public override string ToText()
    {
        var lines = rows.Select(row => row.Cells.Select(cell => cell.Text).Prepend(row.Header).ToList()).Prepend(columns).ToList();
        var widths = columns.Select((_, i) => lines.Max(line => line[i].Length)).ToList();
        return caption + "\n" + string.Join('\n', lines.Select(line =>
            string.Join("  ", line.Select((text, i) => i == 0 ? text.PadRight(widths[i]) : text.PadLeft(widths[i]))).TrimEnd()));
    }

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

using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Backprop.Runner.Documents;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Reports;

/// <summary>A run as one self-contained HTML page, for light and dark screens and for print.</summary>
/// <remarks>The cells' sources are rendered in the background while the notebook runs, but not while its process starts.</remarks>
public sealed class HtmlReport
{
    private static readonly string Style = ReadStyle();

    private static readonly TimeSpan StartOfWorker = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource needed = new();
    private readonly string title;
    private readonly Task<(IReadOnlyList<(int Level, string Text, string Id)> Headings, IReadOnlyList<string> Html)> sources;

    /// <summary>Starts to render the sources.</summary>
    /// <param name="title">The title of the page if the notebook has no heading.</param>
    /// <param name="cells">The cells of the notebook.</param>
    /// <param name="folder">The relative path from the page to the notebook's folder, which links in its Markdown are relative to.</param>
    public HtmlReport(string title, IReadOnlyList<Cell> cells, string folder)
    {
        this.title = title;
        sources = Task.Run(async () =>
        {
            await Task.WhenAny(Task.Delay(StartOfWorker), needed.Task);
            return Render(cells, folder);
        });
    }

    /// <summary>Returns the page.</summary>
    /// <param name="cells">The cells of the notebook with their outputs.</param>
    /// <param name="packages">The names and versions of the packages that the notebook used.</param>
    public string Write(IReadOnlyList<ExecutedCell> cells, IReadOnlyList<string> packages)
    {
        needed.TrySetResult();
        var (headings, html) = sources.GetAwaiter().GetResult();
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="icon" href="data:,">
            <title>{Text(headings.Count > 0 ? headings[0].Text : title)}</title>
            <style>
            {Style}</style>
            </head>
            <body>
            {Contents(headings)}
            <main>
            {string.Concat(cells.Zip(html, Section))}
            </main>
            <footer>{Footer(cells, packages)}</footer>
            </body>
            </html>

            """;
    }

    private static string Contents(IReadOnlyList<(int Level, string Text, string Id)> headings) =>
        headings.Count < 2
            ? ""
            : $"<nav aria-label=\"Contents\">Contents<ul>{string.Concat(headings.Skip(1).Select(heading =>
                $"<li class=\"level-{heading.Level}\"><a href=\"#{Text(heading.Id)}\">{Text(heading.Text)}</a></li>"))}</ul></nav>";

    private static (IReadOnlyList<(int Level, string Text, string Id)> Headings, IReadOnlyList<string> Html) Render(IReadOnlyList<Cell> cells, string folder)
    {
        var ids = new HashSet<string>();
        var headings = new List<(int Level, string Text, string Id)>();
        var html = new List<string>();
        foreach (var cell in cells)
        {
            switch (cell.Kind)
            {
                case CellKind.Markdown:
                    var prose = MarkdownHtml.Parse(cell.Source, ids);
                    headings.AddRange(MarkdownHtml.Headings(prose));
                    html.Add(MarkdownHtml.ToHtml(prose, folder));
                    break;
                case CellKind.Code:
                    html.Add($"<pre class=\"code\"><code>{CSharpHighlighter.ToHtml(cell.Source)}</code></pre>\n");
                    break;
                default:
                    html.Add($"<pre>{Text(cell.Source)}</pre>");
                    break;
            }
        }

        return (headings, html);
    }

    private static string Section(ExecutedCell cell, string source) => cell.Cell.Kind switch
    {
        CellKind.Markdown => $"<section>\n{source}</section>\n",
        CellKind.Code => $"<section>\n{Time(cell.Duration)}{source}{Outputs(cell)}</section>\n",
        _ => $"<section>{source}</section>\n",
    };

    private static string Time(TimeSpan duration) =>
        string.Create(CultureInfo.InvariantCulture, $"<span class=\"time\" title=\"execution time\">{duration.TotalSeconds:0.00} s</span>");

    private static string Outputs(ExecutedCell cell) =>
        cell.Outputs.Count == 0 ? "" : $"<div class=\"output\">\n{string.Concat(cell.Outputs.Select(Output))}</div>\n";

    private static string Output(CellOutput output) => output switch
    {
        StreamOutput text => $"<pre{(text.Stream == StreamKind.Error ? " class=\"stderr\"" : "")}>{Text(text.Text)}</pre>\n",
        ValueOutput value => Value(value.Data),
        ErrorOutput error => $"<pre class=\"error\">{Text($"{error.Name}: {error.Message}\n{string.Join('\n', error.Traceback)}")}</pre>\n",
        _ => "",
    };

    private static string Value(IReadOnlyDictionary<string, string> data) =>
        data.TryGetValue("text/html", out var html) ? $"<div>{html}</div>\n"
        : data.TryGetValue("image/svg+xml", out var svg) ? $"<div>{svg}</div>\n"
        : data.TryGetValue("text/markdown", out var markdown) ? $"<div>{MarkdownHtml.ToHtml(markdown)}</div>\n"
        : data.TryGetValue("image/png", out var png) ? $"<img alt=\"\" src=\"data:image/png;base64,{Text(png)}\">\n"
        : $"<pre>{Text(data.GetValueOrDefault("text/plain") ?? string.Join('\n', data.Values))}</pre>\n";

    private static string Footer(IReadOnlyList<ExecutedCell> cells, IReadOnlyList<string> packages)
    {
        var seconds = cells.Sum(cell => cell.Duration.TotalSeconds).ToString("0.0", CultureInfo.InvariantCulture);
        var summary = $"Run in {seconds} s on {Text(RuntimeInformation.FrameworkDescription)}, {Text(RuntimeInformation.RuntimeIdentifier)}";
        return packages.Count == 0 ? $"{summary}." : $"{summary}, with {Text(string.Join(", ", packages))}.";
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string ReadStyle()
    {
        using var reader = new StreamReader(typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")!);
        return reader.ReadToEnd();
    }
}

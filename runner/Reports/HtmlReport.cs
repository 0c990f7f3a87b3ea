using System.Net;
using System.Text;
using Backprop.Runner.Documents;
using Backprop.Runner.Outputs;
using Markdig;

namespace Backprop.Runner.Reports;

/// <summary>A run as one HTML page that needs nothing but itself.</summary>
public static class HtmlReport
{
    private static readonly MarkdownPipeline Markdown = new MarkdownPipelineBuilder().UseAdvancedExtensions().DisableHtml().Build();

    /// <summary>Writes the page.</summary>
    /// <param name="title">The title of the page.</param>
    /// <param name="cells">The cells, with what came of them.</param>
    public static string Write(string title, IReadOnlyList<ExecutedCell> cells)
    {
        var body = new StringBuilder();
        foreach (var cell in cells)
        {
            body.Append("<section>\n").Append(Source(cell.Cell)).AppendJoin("", cell.Outputs.Select(Output)).Append("</section>\n");
        }

        return $$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{{Text(title)}}</title>
            <style>
            :root { color-scheme: light dark; }
            body { max-width: 50rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
            pre { overflow-x: auto; padding: .5rem .75rem; border-radius: .25rem; font: .875rem/1.4 ui-monospace, monospace; }
            pre.code { background: color-mix(in srgb, currentColor 8%, transparent); }
            pre.error { border-left: .25rem solid #c33; }
            </style>
            </head>
            <body>
            {{body}}
            </body>
            </html>

            """;
    }

    private static string Source(Cell cell) => cell.Kind switch
    {
        CellKind.Markdown => Markdig.Markdown.ToHtml(cell.Source, Markdown),
        CellKind.Code => $"<pre class=\"code\"><code>{Text(cell.Source)}</code></pre>\n",
        _ => $"<pre>{Text(cell.Source)}</pre>\n",
    };

    private static string Output(CellOutput output) => output switch
    {
        StreamOutput text => $"<pre>{Text(text.Text)}</pre>\n",
        ValueOutput value => Value(value.Data),
        ErrorOutput error => $"<pre class=\"error\">{Text($"{error.Name}: {error.Message}\n{string.Join('\n', error.Traceback)}")}</pre>\n",
        _ => "",
    };

    private static string Value(IReadOnlyDictionary<string, string> forms) =>
        forms.TryGetValue("text/html", out var html) ? $"<div>{html}</div>\n"
        : forms.TryGetValue("image/svg+xml", out var svg) ? $"<div>{svg}</div>\n"
        : forms.TryGetValue("image/png", out var png) ? $"<img alt=\"\" src=\"data:image/png;base64,{Text(png)}\">\n"
        : $"<pre>{Text(forms.GetValueOrDefault("text/plain") ?? string.Join('\n', forms.Values))}</pre>\n";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

using System.Text;
using System.Text.Json;

namespace Backprop.Runner.Documents;

/// <summary>
/// The .dib format of Polyglot Notebooks: plain text in which a line <c>#!csharp</c> or <c>#!markdown</c> begins a cell,
/// after an optional <c>#!meta</c> block with one line of JSON.
/// </summary>
/// <remarks>
/// Blank lines around a cell, and cells of nothing but blank lines, are not kept, as in Polyglot itself.
/// Layout: https://github.com/dotnet/interactive (Microsoft.DotNet.Interactive.Documents).
/// </remarks>
public static class DibFormat
{
    private const string Marker = "#!";
    private const string MetaMarker = "#!meta";
    private const string Metadata =
        """{"kernelInfo":{"defaultKernelName":"csharp","items":[{"name":"csharp","languageName":"csharp"}]}}""";

    /// <summary>Reads a notebook.</summary>
    /// <exception cref="NotebookException">The <c>#!meta</c> block is not JSON.</exception>
    public static Notebook Read(string text)
    {
        var cells = new List<Cell>();
        var language = Languages.CSharp;
        var lines = new List<string>();

        foreach (var line in SkipMetadata(Lines.Split(text)))
        {
            if (LanguageBegunBy(line) is { } next)
            {
                EndCell();
                language = next;
            }
            else
            {
                lines.Add(line);
            }
        }

        EndCell();
        return new Notebook(cells);

        void EndCell()
        {
            var source = string.Join('\n', TrimBlankLines(lines));
            if (source.Length > 0)
            {
                cells.Add(new Cell(KindOf(language), language, source));
            }

            lines.Clear();
        }
    }

    /// <summary>Writes a notebook, in the form in which Polyglot saves it.</summary>
    /// <exception cref="NotebookException">A line of a cell would begin a new cell when read back.</exception>
    public static string Write(Notebook notebook)
    {
        var text = new StringBuilder($"{MetaMarker}\n\n{Metadata}\n");
        foreach (var (index, cell) in notebook.Cells.Index())
        {
            var lines = Lines.Split(cell.Source);
            if (Array.FindIndex(lines, line => LanguageBegunBy(line) is not null) is var line and >= 0)
            {
                throw new NotebookException(
                    $"Cell {index + 1}, line {line + 1} is '{lines[line]}', which begins a new cell in a .dib file. Change that line, or keep the notebook as .ipynb.");
            }

            text.Append("\n" + Marker + cell.Language + "\n\n").AppendJoin('\n', TrimBlankLines(lines)).Append('\n');
        }

        return text.ToString();
    }

    private static string[] SkipMetadata(string[] lines)
    {
        var start = Array.FindIndex(lines, line => !string.IsNullOrWhiteSpace(line));
        if (start < 0 || lines[start].TrimEnd() != MetaMarker)
        {
            return lines;
        }

        var end = Array.FindIndex(lines, start + 1, line => line.StartsWith(Marker, StringComparison.Ordinal));
        var metadata = lines[(start + 1)..(end < 0 ? lines.Length : end)];
        try
        {
            using var _ = JsonDocument.Parse(string.Join('\n', metadata));
        }
        catch (JsonException e)
        {
            throw new NotebookException($"The {MetaMarker} block at line {start + 1} is not JSON: {e.Message} Correct it, or remove the block.", e);
        }

        return lines[(start + 1 + metadata.Length)..];
    }

    private static string? LanguageBegunBy(string line) =>
        line.StartsWith(Marker, StringComparison.Ordinal) ? Languages.Find(line[Marker.Length..].TrimEnd()) : null;

    private static CellKind KindOf(string language) => language switch
    {
        Languages.Markdown => CellKind.Markdown,
        Languages.Raw => CellKind.Raw,
        _ => CellKind.Code,
    };

    private static IEnumerable<string> TrimBlankLines(IReadOnlyList<string> lines)
    {
        var first = 0;
        var end = lines.Count;
        while (first < end && lines[first].Length == 0)
            first++;
        while (end > first && lines[end - 1].Length == 0)
            end--;
        return lines.Take(first..end);
    }
}

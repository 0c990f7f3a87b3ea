using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Backprop.Runner.Documents;

/// <summary>
/// The .dib format of Polyglot Notebooks: plain text in which a line <c>#!csharp</c> or <c>#!markdown</c> begins a cell,
/// after an optional <c>#!meta</c> block with one line of JSON, which names the notebook's languages.
/// </summary>
/// <remarks>
/// <para>Blank lines around a cell, and cells of nothing but blank lines, are not kept, as in Polyglot itself.</para>
/// <para>The format has no way to write a line that looks like the beginning of a cell and is none, not even inside a string:
/// read, such a line begins a cell; written, it is refused.</para>
/// Layout: https://github.com/dotnet/interactive (Microsoft.DotNet.Interactive.Documents).
/// </remarks>
public static class DibFormat
{
    private const string MetaMarker = "#!meta";

    /// <summary>Reads a notebook.</summary>
    /// <exception cref="NotebookException">The <c>#!meta</c> block is not JSON, or not of the form in which Polyglot writes it.</exception>
    public static Notebook Read(string text)
    {
        var (metadata, body) = SplitMetadata(Lines.Split(text));
        var languages = DibLanguages.From(metadata);
        var cells = new List<Cell>();
        var language = languages.Default;
        var lines = new List<string>();

        foreach (var line in body)
        {
            if (languages.BegunBy(line) is { } next)
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

    /// <summary>Writes a notebook, in the form in which Polyglot saves it. A first line that chooses the cell's own language goes into the line that begins the cell.</summary>
    /// <exception cref="NotebookException">A line of a cell would begin a new cell when read back, or its language's name is none that a line can hold.</exception>
    public static string Write(Notebook notebook)
    {
        var languages = DibLanguages.Of(notebook.Cells);
        var text = new StringBuilder($"{MetaMarker}\n\n{languages.ToJson()}\n");
        foreach (var (index, cell) in notebook.Cells.Index())
        {
            if (languages.BegunBy(Languages.Marker + cell.Language) != cell.Language)
            {
                throw new NotebookException($"Cell {index + 1} is in the language '{cell.Language}', which a .dib file cannot name. Keep the notebook as .ipynb.");
            }

            var lines = Lines.Split(cell.Source);
            if (lines.FirstOrDefault(line => line.Length > 0) is { } first && languages.BegunBy(first) == cell.Language)
            {
                lines[Array.IndexOf(lines, first)] = "";
            }

            if (Array.FindIndex(lines, line => languages.BegunBy(line) is not null) is var line and >= 0)
            {
                throw new NotebookException(
                    $"Cell {index + 1}, line {line + 1} is '{lines[line]}', which begins a new cell in a .dib file. Change that line, or keep the notebook as .ipynb.");
            }

            text.Append("\n" + Languages.Marker + cell.Language + "\n\n").AppendJoin('\n', TrimBlankLines(lines)).Append('\n');
        }

        return text.ToString();
    }

    private static (JsonNode? Metadata, string[] Body) SplitMetadata(string[] lines)
    {
        var start = Array.FindIndex(lines, line => !string.IsNullOrWhiteSpace(line));
        if (start < 0 || lines[start].TrimEnd() != MetaMarker)
        {
            return (null, lines);
        }

        var end = Array.FindIndex(lines, start + 1, line => line.StartsWith(Languages.Marker, StringComparison.Ordinal));
        end = end < 0 ? lines.Length : end;
        try
        {
            return (StrictJson.Parse(string.Join('\n', lines[(start + 1)..end])), lines[end..]);
        }
        catch (JsonException e)
        {
            throw new NotebookException($"The {MetaMarker} block at line {start + 1} is not JSON: {e.Message} Correct it, or remove the block.", e);
        }
    }

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

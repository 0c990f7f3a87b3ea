using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Backprop.Runner.Documents;

/// <summary>
/// The .dib format of Polyglot Notebooks: plain text in which a line such as <c>#!csharp</c> or <c>#!markdown</c> starts a cell.
/// An optional <c>#!meta</c> block at the beginning names the notebook's languages in one line of JSON.
/// </summary>
/// <remarks>
/// <para>Blank lines around a cell and cells without any other lines are dropped, as in Polyglot Notebooks itself.</para>
/// <para>The format cannot escape a line that looks like the start of a cell, not even inside a string. When read, such a line
/// starts a cell; when written, it is an error.</para>
/// Layout: https://github.com/dotnet/interactive (Microsoft.DotNet.Interactive.Documents).
/// </remarks>
public static class DibFormat
{
    private const string MetaMarker = "#!meta";

    /// <summary>Reads a notebook.</summary>
    /// <exception cref="NotebookException">The <c>#!meta</c> block is not JSON, or not in the form that Polyglot Notebooks writes.</exception>
    public static Notebook Read(string text)
    {
        var (metadata, body) = SplitMetadata(Lines.Split(text));
        var languages = DibLanguages.From(metadata);
        var cells = new List<Cell>();
        var language = languages.Default;
        var lines = new List<string>();

        foreach (var line in body)
        {
            if (languages.StartedBy(line) is { } next)
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

    /// <summary>Writes a notebook in the form that Polyglot Notebooks writes. A cell's own <c>#!</c> line for its language is merged into the line that starts the cell.</summary>
    /// <exception cref="NotebookException">A line of a cell would start another cell when read back, or the name of its language does not fit on a line.</exception>
    public static string Write(Notebook notebook)
    {
        var languages = DibLanguages.Of(notebook.Cells);
        var text = new StringBuilder($"{MetaMarker}\n\n{languages.ToJson()}\n");
        foreach (var (index, cell) in notebook.Cells.Index())
        {
            if (languages.StartedBy(Languages.Marker + cell.Language) != cell.Language)
            {
                throw new NotebookException($"Cell {index + 1} is in the language '{cell.Language}', which a .dib file cannot name. Save the notebook as .ipynb instead.");
            }

            var lines = Lines.Split(cell.Source);
            if (lines.FirstOrDefault(line => line.Length > 0) is { } first && languages.StartedBy(first) == cell.Language)
            {
                lines[Array.IndexOf(lines, first)] = "";
            }

            if (Array.FindIndex(lines, line => languages.StartedBy(line) is not null) is var line and >= 0)
            {
                throw new NotebookException(
                    $"Cell {index + 1}, line {line + 1} is '{lines[line]}', which starts a new cell in a .dib file. Change the line, or save the notebook as .ipynb instead.");
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
            throw new NotebookException($"the {MetaMarker} block at line {start + 1} is not valid JSON: {e.Message} Correct it, or remove the block.", e);
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

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Documents;

/// <summary>The .ipynb format, nbformat 4: https://nbformat.readthedocs.io/en/latest/format_description.html.</summary>
public static partial class IpynbFormat
{
    // As VS Code's Polyglot Notebooks extension writes it, so that it opens the notebook without asking for a kernel.
    private const string PolyglotMetadata =
        """
        {
          "kernelspec": {"display_name": ".NET (C#)", "language": "C#", "name": ".net-csharp"},
          "polyglot_notebook": {
            "kernelInfo": {"defaultKernelName": "csharp", "items": [{"aliases": [], "languageName": "csharp", "name": "csharp"}]}
          }
        }
        """;

    private const string PolyglotCellMetadata =
        """{"language_info": {"name": "polyglot-notebook"}, "polyglot_notebook": {"kernelName": "csharp"}}""";

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        IndentCharacter = ' ',
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads a notebook, without its saved outputs.</summary>
    /// <exception cref="NotebookException">The text is not JSON, or not a notebook in nbformat 4.</exception>
    public static Notebook Read(string text)
    {
        try
        {
            var notebook = StrictJson.Parse(text) as JsonObject
                ?? throw new NotebookException("the JSON is not an object, so this is not a notebook.");
            RequireFormat4(notebook);
            _ = MinorVersion(notebook);
            var cells = notebook["cells"] as JsonArray ?? throw new NotebookException("the notebook has no \"cells\".");
            var metadata = notebook["metadata"] as JsonObject;
            var language = DefaultLanguage(metadata);
            notebook.Remove("cells");
            return new Notebook([.. cells.Select((cell, index) => ReadCell(cell, index + 1, language))]) { Original = notebook };
        }
        catch (JsonException e)
        {
            throw new NotebookException($"the file is not valid JSON: {e.Message}", e);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw new NotebookException($"a value in the notebook has the wrong type: {e.Message}", e);
        }
    }

    /// <summary>Writes a notebook with the outputs of a run.</summary>
    /// <param name="notebook">The notebook, for everything but the cells.</param>
    /// <param name="cells">Its cells with their outputs.</param>
    public static string Write(Notebook notebook, IReadOnlyList<ExecutedCell> cells)
    {
        var ids = new HashSet<string>();
        var json = notebook.Original?.DeepClone().AsObject() ?? [];
        json["cells"] = new JsonArray([.. cells.Select((cell, index) => WriteCell(cell, index + 1, ids))]);
        json["metadata"] ??= NewMetadata();
        NotebookLanguage.ReplaceEditorIn(json["metadata"] as JsonObject);
        json["nbformat"] = 4;
        json["nbformat_minor"] = Math.Max(5, MinorVersion(json));
        return Sorted(json).ToJsonString(Layout) + "\n";
    }

    private static JsonObject NewMetadata()
    {
        var metadata = JsonNode.Parse(PolyglotMetadata)!.AsObject();
        metadata[NotebookLanguage.Key] = NotebookLanguage.CSharp;
        return Sorted(metadata);
    }

    private static void RequireFormat4(JsonObject notebook)
    {
        if (notebook["nbformat"] is not JsonValue version)
        {
            throw new NotebookException("the file has no \"nbformat\", so it is not a Jupyter notebook.");
        }

        if (version.GetValue<int>() != 4)
        {
            throw new NotebookException(
                $"the notebook is in nbformat {version}, but only nbformat 4 can be read. Convert it with 'jupyter nbconvert --to notebook --nbformat 4'.");
        }
    }

    private static int MinorVersion(JsonObject notebook) => (int?)notebook["nbformat_minor"] ?? 0;

    private static Cell ReadCell(JsonNode? node, int number, string defaultLanguage)
    {
        var cell = node as JsonObject ?? throw new NotebookException($"cell {number} is not a JSON object.");
        var source = Lines.Normalize(MultilineString(cell["source"], number));
        return cell["cell_type"]?.GetValue<string>() switch
        {
            "code" => new Cell(CellKind.Code, Languages.SelectedBy(Lines.FirstOf(source)) ?? LanguageOf(cell) ?? defaultLanguage, source) { Original = cell },
            "markdown" => new Cell(CellKind.Markdown, Languages.Markdown, source) { Original = cell },
            "raw" => new Cell(CellKind.Raw, Languages.Raw, source) { Original = cell },
            var type => throw new NotebookException($"cell {number} has the unknown type '{type}'; the known types are code, markdown and raw."),
        };
    }

    private static string MultilineString(JsonNode? node, int number) => node switch
    {
        JsonValue text => text.GetValue<string>(),
        JsonArray lines => string.Concat(lines.Select(line => line?.GetValue<string>())),
        _ => throw new NotebookException($"cell {number} has no \"source\"."),
    };

    private static string DefaultLanguage(JsonObject? metadata) =>
        Language(
            (string?)metadata?["polyglot_notebook"]?["kernelInfo"]?["defaultKernelName"],
            (string?)metadata?["kernelspec"]?["name"],
            (string?)metadata?["kernelspec"]?["language"],
            (string?)metadata?["language_info"]?["name"])
        ?? Languages.CSharp;

    private static string? LanguageOf(JsonObject cell) =>
        Language(
            (string?)cell["metadata"]?["polyglot_notebook"]?["kernelName"],
            (string?)cell["metadata"]?["dotnet_interactive"]?["language"],
            (string?)cell["metadata"]?["vscode"]?["languageId"]);

    // The first known language; if there is none, the first name, for the error message.
    private static string? Language(params IEnumerable<string?> names)
    {
        var given = names.OfType<string>().Where(name => name != NotebookLanguage.PolyglotEditor).ToList();
        return given.Select(Languages.Find).FirstOrDefault(language => language is not null) ?? given.FirstOrDefault();
    }

    private static JsonObject WriteCell(ExecutedCell executed, int number, HashSet<string> ids)
    {
        var cell = executed.Cell;
        var json = cell.Original?.DeepClone().AsObject() ?? [];
        json["cell_type"] = cell.Kind.ToString().ToLowerInvariant();
        if (json["id"] is not JsonValue id || id.GetValueKind() != JsonValueKind.String || !ValidId().IsMatch((string)id!) || !ids.Add((string)id!))
        {
            json["id"] = IdOf(cell, number);
        }

        json["metadata"] ??= cell.Kind == CellKind.Code ? JsonNode.Parse(PolyglotCellMetadata) : new JsonObject();
        NotebookLanguage.RemoveEditorFrom(json["metadata"] as JsonObject);
        json["source"] = LinesOf(cell.Source);
        if (cell.Kind == CellKind.Code)
        {
            json["execution_count"] = executed.ExecutionCount;
            json["outputs"] = new JsonArray([.. executed.Outputs.Select(output => WriteOutput(output, executed.ExecutionCount))]);
        }

        return Sorted(json);
    }

    // Derived from the position and the source, so that regenerating a notebook does not change its ids.
    private static string IdOf(Cell cell, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:D2}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cell.Source)).AsSpan(0, 4))}");

    private static JsonObject WriteOutput(CellOutput output, int? executionCount) => output switch
    {
        StreamOutput text => new JsonObject
        {
            ["name"] = text.Name,
            ["output_type"] = "stream",
            ["text"] = LinesOf(text.Text),
        },
        ValueOutput { IsResult: true } result => new JsonObject
        {
            ["data"] = DataOf(result),
            ["execution_count"] = executionCount,
            ["metadata"] = new JsonObject(),
            ["output_type"] = "execute_result",
        },
        ValueOutput value => new JsonObject
        {
            ["data"] = DataOf(value),
            ["metadata"] = new JsonObject(),
            ["output_type"] = "display_data",
        },
        ErrorOutput error => new JsonObject
        {
            ["ename"] = error.Name,
            ["evalue"] = error.Message,
            ["output_type"] = "error",
            ["traceback"] = new JsonArray([.. error.Lines.Select(line => JsonValue.Create(line))]),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(output), output, "This kind of output is not saved in a notebook."),
    };

    private static JsonObject DataOf(ValueOutput value) => new(value.Data
        .OrderBy(entry => entry.Key, StringComparer.Ordinal)
        .Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, JsonValues.Parse(entry.Key, entry.Value) ?? LinesOf(entry.Value))));

    private static JsonArray LinesOf(string text)
    {
        var lines = new JsonArray();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) + 1;
            end = end == 0 ? text.Length : end;
            lines.Add(text[start..end]);
            start = end;
        }

        return lines;
    }

    private static JsonObject Sorted(JsonObject json) =>
        new(json.OrderBy(property => property.Key, StringComparer.Ordinal)
            .Select(property => KeyValuePair.Create(property.Key, property.Value?.DeepClone())));

    [GeneratedRegex(@"\A[a-zA-Z0-9_-]{1,64}\z")]
    private static partial Regex ValidId();
}

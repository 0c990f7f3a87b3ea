using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Backprop.Runner.Documents;

/// <summary>The languages of a .dib file: those that every Polyglot notebook knows and those that its <c>#!meta</c> block names.</summary>
internal sealed class DibLanguages
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, string> named = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The language of text before the first <c>#!</c> line.</summary>
    public string Default { get; private init; } = Languages.CSharp;

    /// <summary>Reads the languages of a <c>#!meta</c> block.</summary>
    /// <param name="metadata">The block's JSON; null when there is no block.</param>
    /// <exception cref="NotebookException">It is not in the form that Polyglot Notebooks writes.</exception>
    public static DibLanguages From(JsonNode? metadata)
    {
        try
        {
            var info = metadata?["kernelInfo"];
            var name = (string?)info?["defaultKernelName"] ?? Languages.CSharp;
            var languages = new DibLanguages { Default = Languages.Find(name) ?? name };
            foreach (var item in info?["items"]?.AsArray() ?? [])
            {
                var language = (string?)item?["name"] ?? throw new FormatException("a kernel has no \"name\".");
                languages.named[language] = language;
                foreach (var alias in item!["aliases"]?.AsArray() ?? [])
                {
                    languages.named[(string?)alias ?? language] = language;
                }
            }

            return languages;
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw new NotebookException($"the \"kernelInfo\" of the #!meta block is not in the form that Polyglot Notebooks writes: {e.Message} Correct it, or remove the block.", e);
        }
    }

    /// <summary>Collects the languages of a notebook's cells.</summary>
    public static DibLanguages Of(IEnumerable<Cell> cells)
    {
        var languages = new DibLanguages();
        foreach (var language in cells.Where(cell => cell.Kind == CellKind.Code).Select(cell => cell.Language).Prepend(Languages.CSharp))
        {
            if (!language.AsSpan().ContainsAny('\r', '\n'))
            {
                languages.named[language] = language;
            }
        }

        return languages;
    }

    /// <summary>Returns the language of the cell that a line starts, or null when it starts none.</summary>
    public string? StartedBy(string line) =>
        Languages.SelectedBy(line)
        ?? (line.StartsWith(Languages.Marker, StringComparison.Ordinal) ? named.GetValueOrDefault(line[Languages.Marker.Length..].TrimEnd()) : null);

    /// <summary>Returns the line of JSON that names these languages in a <c>#!meta</c> block.</summary>
    public string ToJson() => new JsonObject
    {
        ["kernelInfo"] = new JsonObject
        {
            ["defaultKernelName"] = Default,
            ["items"] = new JsonArray([.. named.Values.Select(name => new JsonObject { ["name"] = name, ["languageName"] = name })]),
        },
    }.ToJsonString(Relaxed);
}

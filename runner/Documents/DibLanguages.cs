using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Backprop.Runner.Documents;

/// <summary>The languages of a .dib file: those that every Polyglot notebook has, and those that its <c>#!meta</c> block names.</summary>
internal sealed class DibLanguages
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, string> named = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The language of text before the first cell.</summary>
    public string Default { get; private init; } = Languages.CSharp;

    /// <summary>The languages that a <c>#!meta</c> block names.</summary>
    /// <param name="metadata">The block's JSON; null for none.</param>
    /// <exception cref="NotebookException">It is not of the form in which Polyglot writes it.</exception>
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
            throw new NotebookException($"the #!meta block's \"kernelInfo\" is not as Polyglot writes it: {e.Message} Correct it, or remove the block.", e);
        }
    }

    /// <summary>The languages of a notebook's cells.</summary>
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

    /// <summary>The language of the cell that a line begins; null when it begins none.</summary>
    public string? BegunBy(string line) =>
        Languages.ChosenBy(line)
        ?? (line.StartsWith(Languages.Marker, StringComparison.Ordinal) ? named.GetValueOrDefault(line[Languages.Marker.Length..].TrimEnd()) : null);

    /// <summary>The line of JSON in a <c>#!meta</c> block that names these languages.</summary>
    public string ToJson() => new JsonObject
    {
        ["kernelInfo"] = new JsonObject
        {
            ["defaultKernelName"] = Default,
            ["items"] = new JsonArray([.. named.Values.Select(name => new JsonObject { ["name"] = name, ["languageName"] = name })]),
        },
    }.ToJsonString(Relaxed);
}

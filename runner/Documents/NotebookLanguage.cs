using System.Text.Json.Nodes;

namespace Backprop.Runner.Documents;

/// <summary>The language that an .ipynb file names for its code cells.</summary>
/// <remarks>
/// VS Code opens code cells in the language of <c>language_info</c> and skips, without a message, those in a language that the
/// selected kernel does not name. Polyglot Notebooks saves the name of its own editor there, which no kernel names.
/// </remarks>
internal static class NotebookLanguage
{
    /// <summary>What Polyglot Notebooks names as the language of a cell, whatever language the cell is in.</summary>
    public const string PolyglotEditor = "polyglot-notebook";

    /// <summary>The key under which the metadata of a notebook name its language.</summary>
    public const string Key = "language_info";

    /// <summary>The <c>language_info</c> of C#: what the kernel says of its language, and so what a front end saves.</summary>
    public static JsonObject CSharp => new()
    {
        ["codemirror_mode"] = "text/x-csharp",
        ["file_extension"] = ".cs",
        ["mimetype"] = "text/x-csharp",
        ["name"] = "C#",
        ["pygments_lexer"] = "csharp",
        ["version"] = "14.0",
    };

    /// <summary>Replaces Polyglot's editor by C# in the metadata of a notebook.</summary>
    public static void ReplaceEditorIn(JsonObject? metadata)
    {
        if (metadata?[Key] is JsonObject language && IsEditor(language["name"]))
        {
            metadata[Key] = CSharp;
        }
    }

    /// <summary>Removes Polyglot's editor from the metadata of a cell, which then is in the notebook's language.</summary>
    public static void RemoveEditorFrom(JsonObject? metadata)
    {
        if (metadata?["vscode"] is JsonObject editor && IsEditor(editor["languageId"]))
        {
            metadata.Remove("vscode");
        }
    }

    private static bool IsEditor(JsonNode? name) => name is JsonValue value && value.TryGetValue<string>(out var text) && text == PolyglotEditor;
}

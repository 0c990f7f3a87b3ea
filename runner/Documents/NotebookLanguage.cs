using System.Text.Json.Nodes;

namespace Backprop.Runner.Documents;

/// <summary>The language that an .ipynb file declares for its code cells.</summary>
/// <remarks>
/// VS Code opens code cells in the language of <c>language_info</c> and silently skips cells in a language that the selected
/// kernel does not support. Polyglot Notebooks saves an editor language of its own there, which no kernel supports.
/// </remarks>
internal static class NotebookLanguage
{
    /// <summary>The editor language of Polyglot Notebooks, which it saves for every cell whatever its language.</summary>
    public const string PolyglotEditor = "polyglot-notebook";

    /// <summary>The key of the language in a notebook's metadata.</summary>
    public const string Key = "language_info";

    /// <summary>The <c>language_info</c> of C#, as the kernel reports it and front ends save it.</summary>
    public static JsonObject CSharp => new()
    {
        ["codemirror_mode"] = "text/x-csharp",
        ["file_extension"] = ".cs",
        ["mimetype"] = "text/x-csharp",
        ["name"] = "C#",
        ["pygments_lexer"] = "csharp",
        ["version"] = "14.0",
    };

    /// <summary>Replaces Polyglot's editor language with C# in a notebook's metadata.</summary>
    public static void ReplaceEditorIn(JsonObject? metadata)
    {
        if (metadata?[Key] is JsonObject language && IsEditor(language["name"]))
        {
            metadata[Key] = CSharp;
        }
    }

    /// <summary>Removes Polyglot's editor language from a cell's metadata, so that the notebook's language applies.</summary>
    public static void RemoveEditorFrom(JsonObject? metadata)
    {
        if (metadata?["vscode"] is JsonObject editor && IsEditor(editor["languageId"]))
        {
            metadata.Remove("vscode");
        }
    }

    private static bool IsEditor(JsonNode? name) => name is JsonValue value && value.TryGetValue<string>(out var text) && text == PolyglotEditor;
}

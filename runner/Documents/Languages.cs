namespace Backprop.Runner.Documents;

/// <summary>The languages of Polyglot Notebooks, with their names and aliases.</summary>
internal static class Languages
{
    public const string Marker = "#!";
    public const string CSharp = "csharp";
    public const string Markdown = "markdown";
    public const string Raw = "raw";

    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["csharp"] = CSharp,
        ["c#"] = CSharp,
        [".net-csharp"] = CSharp,
        ["markdown"] = Markdown,
        ["md"] = Markdown,
        ["raw"] = Raw,
        ["fsharp"] = "fsharp",
        ["f#"] = "fsharp",
        [".net-fsharp"] = "fsharp",
        ["pwsh"] = "pwsh",
        ["powershell"] = "pwsh",
        [".net-pwsh"] = "pwsh",
        ["html"] = "html",
        ["javascript"] = "javascript",
        ["js"] = "javascript",
        ["mermaid"] = "mermaid",
        ["sql"] = "sql",
        ["kql"] = "kql",
        ["http"] = "http",
        ["python"] = "python",
        ["python3"] = "python",
        ["value"] = "value",
        ["dotnet-interactive.csharp"] = CSharp,
        ["dotnet-interactive.fsharp"] = "fsharp",
        ["dotnet-interactive.pwsh"] = "pwsh",
    };

    /// <summary>Returns the Polyglot name of a language given by name or alias, or null when it is unknown.</summary>
    public static string? Find(string name) => Names.GetValueOrDefault(name);

    /// <summary>Returns the language that a line <c>#!name</c> selects for the lines after it, or null when the line selects none.</summary>
    public static string? SelectedBy(string line) =>
        line.StartsWith(Marker, StringComparison.Ordinal) ? Find(line[Marker.Length..].TrimEnd()) : null;
}

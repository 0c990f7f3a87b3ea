namespace Backprop.Runner.Documents;

/// <summary>The names by which Polyglot notebooks call the languages of their cells.</summary>
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

    /// <summary>The Polyglot name of a language given by that name or an alias; null when it is none of them.</summary>
    public static string? Find(string name) => Names.GetValueOrDefault(name);

    /// <summary>The language that a line <c>#!name</c> chooses for the lines after it; null when the line does no such thing.</summary>
    public static string? ChosenBy(string line) =>
        line.StartsWith(Marker, StringComparison.Ordinal) ? Find(line[Marker.Length..].TrimEnd()) : null;
}

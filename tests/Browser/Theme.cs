namespace Backprop.Tests.Browser;

/// <summary>The colour theme of a host.</summary>
/// <param name="Style">The host's style sheet.</param>
/// <param name="Background">The colour behind the output.</param>
public sealed record Theme(string Style, string Background)
{
    private static readonly Dictionary<string, Theme> All = new()
    {
        ["light"] = new("", "#ffffff"),
        ["dark"] = new(":root { color-scheme: dark }", "#121212"),
        ["VS Code light"] = new(":root { --vscode-charts-blue: #1a85ff } body { color: #3b3b3b; background: #ffffff }", "#ffffff"),
        ["VS Code dark"] = new(":root { --vscode-charts-blue: #3794ff } body { color: #cccccc; background: #1f1f1f }", "#1f1f1f"),
        ["high contrast"] = new("body { color: #ffffff; background: #000000 }", "#000000"),
    };

    /// <summary>The style sheet as a style element.</summary>
    public string Head => $"<style>{Style}</style>";

    public static TheoryData<string> Names() => [.. All.Keys];

    public static Theme Named(string name) => All[name];
}

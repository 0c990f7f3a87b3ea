namespace Backprop.Runner.Documents;

/// <summary>Cell text, line by line.</summary>
internal static class Lines
{
    /// <summary>The text with every line break written as <c>\n</c>.</summary>
    public static string Normalize(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    /// <summary>The lines of a text, without their line breaks.</summary>
    public static string[] Split(string text) => Normalize(text).Split('\n');

    /// <summary>The first line that is not blank; empty when there is none.</summary>
    public static string FirstOf(string text) =>
        Array.Find(Split(text), line => !string.IsNullOrWhiteSpace(line))?.Trim() ?? "";
}

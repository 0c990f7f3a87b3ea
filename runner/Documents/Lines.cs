namespace Backprop.Runner.Documents;

/// <summary>The lines of a cell.</summary>
internal static class Lines
{
    /// <summary>Returns the text with every line break as <c>\n</c>.</summary>
    public static string Normalize(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    /// <summary>Splits a text into lines without their line breaks.</summary>
    public static string[] Split(string text) => Normalize(text).Split('\n');

    /// <summary>Returns the first line that is not blank, or an empty string.</summary>
    public static string FirstOf(string text) =>
        Array.Find(Split(text), line => !string.IsNullOrWhiteSpace(line))?.Trim() ?? "";
}

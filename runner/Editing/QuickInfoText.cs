using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.QuickInfo;

namespace Backprop.Runner.Editing;

/// <summary>Converts Roslyn's quick info to plain text and Markdown.</summary>
internal static partial class QuickInfoText
{
    /// <summary>Returns the signature followed by the sections of the doc comment.</summary>
    public static QuickInfo Of(QuickInfoItem info)
    {
        var sections = info.Sections.Select(section => (section.Kind, Text: Clean(section.Text))).ToList();
        return new QuickInfo(
            string.Join('\n', sections.Select(section => section.Text)),
            string.Join("\n\n", sections.Select(section => section.Kind == QuickInfoSectionKinds.Description ? Code(section.Text) : Prose(section.Text))));
    }

    // Roslyn nests the types and functions of a submission in a generated class.
    private static string Clean(string text) => ScriptClass().Replace(text.ReplaceLineEndings("\n"), "");

    private static string Code(string text) => $"```csharp\n{text}\n```";

    private static string Prose(string text) => MarkdownSign().Replace(text.Trim(), @"\$0").Replace("\n", "  \n", StringComparison.Ordinal);

    [GeneratedRegex(@"Submission#\d+\.")]
    private static partial Regex ScriptClass();

    [GeneratedRegex(@"[\\`*_{}\[\]<>#|~$&]")]
    private static partial Regex MarkdownSign();
}

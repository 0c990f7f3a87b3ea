using Microsoft.DotNet.Interactive.Formatting;

namespace Backprop.Runner.Execution;

/// <summary>Values as text, by the formatters registered for their types.</summary>
internal static class ValueFormat
{
    private const string PlainText = "text/plain";

    /// <summary>
    /// The forms of a value by mime type: those asked for, or else those that its type prefers and plain text,
    /// which every reader can show.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Forms(object? value, IReadOnlyCollection<string> mimeTypes) =>
        (mimeTypes.Count > 0 ? mimeTypes : [.. Formatter.GetPreferredMimeTypesFor(value?.GetType()), PlainText])
            .Distinct()
            .ToDictionary(mimeType => mimeType, mimeType => value.ToDisplayString(mimeType));
}

using Microsoft.DotNet.Interactive.Formatting;

namespace Backprop.Runner.Execution;

/// <summary>Formats values with the formatters registered for their types.</summary>
internal static class ValueFormat
{
    private const string PlainText = "text/plain";

    /// <summary>Formats a value as the preferred MIME types of its type. A formatted value is returned as it is.</summary>
    public static IReadOnlyList<FormattedValue> Preferred(object? value) => value switch
    {
        FormattedValue formatted => [formatted],
        IEnumerable<FormattedValue> formatted => [.. formatted],
        _ => FormattedValue.CreateManyFromObject(value),
    };

    /// <summary>
    /// Returns a formatted value by MIME type. Plain text, which every front end can show, is added to the preferred MIME types of the
    /// value's type, but not to MIME types that the code has chosen itself.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="formatted">The formatted value.</param>
    /// <param name="mimeTypes">The MIME types of the output that it updates; null when it is not an update.</param>
    public static IReadOnlyDictionary<string, string> WithPlainText(object? value, IReadOnlyCollection<FormattedValue> formatted, IEnumerable<string>? mimeTypes = null)
    {
        var data = formatted.DistinctBy(item => item.MimeType).ToDictionary(item => item.MimeType, item => item.Value);
        if (!data.ContainsKey(PlainText)
            && (mimeTypes?.Contains(PlainText) ?? data.Keys.SequenceEqual(Formatter.GetPreferredMimeTypesFor(value?.GetType()))))
        {
            data[PlainText] = value.ToDisplayString(PlainText);
        }

        return data;
    }
}

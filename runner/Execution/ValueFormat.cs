using Microsoft.DotNet.Interactive.Formatting;

namespace Backprop.Runner.Execution;

/// <summary>Values as text, by the formatters registered for their types.</summary>
internal static class ValueFormat
{
    private const string PlainText = "text/plain";

    /// <summary>The forms of a value that its type prefers; a value that is made of forms has those.</summary>
    public static IReadOnlyList<FormattedValue> Preferred(object? value) => value switch
    {
        FormattedValue form => [form],
        IEnumerable<FormattedValue> forms => [.. forms],
        _ => FormattedValue.CreateManyFromObject(value),
    };

    /// <summary>
    /// The forms of a value by mime type, and plain text, which every reader can show, beside those that its type prefers.
    /// Where others were asked for, they are all.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="forms">The forms that it was given.</param>
    /// <param name="mimeTypes">The mime types of what it takes the place of; null when it takes nothing's.</param>
    public static IReadOnlyDictionary<string, string> WithPlainText(object? value, IReadOnlyCollection<FormattedValue> forms, IEnumerable<string>? mimeTypes = null)
    {
        var data = forms.DistinctBy(form => form.MimeType).ToDictionary(form => form.MimeType, form => form.Value);
        if (!data.ContainsKey(PlainText)
            && (mimeTypes?.Contains(PlainText) ?? data.Keys.SequenceEqual(Formatter.GetPreferredMimeTypesFor(value?.GetType()))))
        {
            data[PlainText] = value.ToDisplayString(PlainText);
        }

        return data;
    }
}

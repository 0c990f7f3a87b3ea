using System.Runtime.CompilerServices;
using Backprop.Runner.Outputs;
using Microsoft.DotNet.Interactive.Formatting;

namespace Backprop.Runner.Hosting;

/// <summary>Knows which displayed value an update is meant for.</summary>
/// <remarks>
/// The value that <see cref="System.DisplayExtensions.Display"/> returns is not the one that it announces, and has another id. What the
/// two have in common, also after an update, are the objects that name their mime types, and so a copy of a name tells the displays apart.
/// </remarks>
internal sealed class DisplayIds
{
    private readonly ConditionalWeakTable<string, ValueOutput> displays = [];

    /// <summary>Remembers a display.</summary>
    /// <param name="forms">The forms of the value as they were announced.</param>
    /// <param name="shown">What was shown of them.</param>
    public void Add(IEnumerable<FormattedValue> forms, ValueOutput shown)
    {
        foreach (var form in forms)
        {
            var copy = new string(form.MimeType.AsSpan());
            MimeTypeOf(form) = copy;
            displays.Add(copy, shown with { Data = shown.Data.Keys.ToDictionary(mimeType => mimeType, _ => "") });
        }
    }

    /// <summary>Finds the display that an update is meant for; null where there is none.</summary>
    /// <param name="forms">The forms of the value that takes the place of another.</param>
    public ValueOutput? Find(IEnumerable<FormattedValue> forms)
    {
        foreach (var form in forms)
        {
            if (displays.TryGetValue(form.MimeType, out var shown))
            {
                return shown;
            }
        }

        return null;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<MimeType>k__BackingField")]
    private static extern ref string MimeTypeOf(FormattedValue form);
}

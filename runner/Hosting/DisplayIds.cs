using System.Runtime.CompilerServices;
using Backprop.Runner.Outputs;
using Microsoft.DotNet.Interactive.Formatting;

namespace Backprop.Runner.Hosting;

/// <summary>Finds the displayed value that an update refers to.</summary>
/// <remarks>
/// The value that <see cref="System.DisplayExtensions.Display"/> returns has a different id than the one in the event that it raises. The
/// two share, even after an update, the string objects of their MIME types, so a unique copy of such a string identifies the display.
/// </remarks>
internal sealed class DisplayIds
{
    private readonly ConditionalWeakTable<string, ValueOutput> displays = [];

    /// <summary>Registers a displayed value.</summary>
    /// <param name="formatted">The formatted value in the event.</param>
    /// <param name="shown">The output.</param>
    public void Add(IEnumerable<FormattedValue> formatted, ValueOutput shown)
    {
        foreach (var item in formatted)
        {
            var copy = new string(item.MimeType.AsSpan());
            MimeTypeOf(item) = copy;
            displays.Add(copy, shown with { Data = shown.Data.Keys.ToDictionary(mimeType => mimeType, _ => "") });
        }
    }

    /// <summary>Returns the output that an update refers to, or null when there is none.</summary>
    /// <param name="formatted">The formatted value of the update.</param>
    public ValueOutput? Find(IEnumerable<FormattedValue> formatted)
    {
        foreach (var item in formatted)
        {
            if (displays.TryGetValue(item.MimeType, out var shown))
            {
                return shown;
            }
        }

        return null;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<MimeType>k__BackingField")]
    private static extern ref string MimeTypeOf(FormattedValue formatted);
}

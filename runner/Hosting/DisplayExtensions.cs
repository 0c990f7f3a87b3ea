using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;
using Microsoft.DotNet.Interactive;

namespace System;

/// <summary>Ways for a cell to show a value. They stand in <c>System</c>, as .NET Interactive's do, so that every cell sees them.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The forms to show it in; when none are given, those that its type prefers.</param>
    /// <returns>The value shown, which can be updated.</returns>
    public static DisplayedValue Display(this object? value, params string[] mimeTypes) =>
        Show(ValueFormat.Forms(value, mimeTypes), mimeTypes);

    /// <summary>Shows a text as what its mime type says it is.</summary>
    /// <param name="value">The text.</param>
    /// <param name="mimeType">Its mime type, <c>text/html</c> for one.</param>
    /// <returns>The value shown, which can be updated.</returns>
    /// <exception cref="ArgumentException"><paramref name="mimeType"/> is blank.</exception>
    public static DisplayedValue DisplayAs(this string value, string mimeType)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(mimeType);
        return Show(new Dictionary<string, string> { [mimeType] = value }, [mimeType]);
    }

    private static DisplayedValue Show(IReadOnlyDictionary<string, string> forms, string[] mimeTypes)
    {
        var session = Session.Current;
        var displayed = new DisplayedValue(Session.NewDisplayId(), mimeTypes);
        session.Publish(new ValueOutput(forms, displayed.DisplayId, IsResult: false));
        return displayed;
    }
}

using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Microsoft.DotNet.Interactive;

/// <summary>A value that a cell has shown.</summary>
public sealed class DisplayedValue
{
    private readonly string[] mimeTypes;

    internal DisplayedValue(string displayId, string[] mimeTypes)
    {
        DisplayId = displayId;
        this.mimeTypes = mimeTypes;
    }

    /// <summary>The name under which the value was shown.</summary>
    public string DisplayId { get; }

    /// <summary>Puts another value in this one's place.</summary>
    public void Update(object? updatedValue) =>
        Session.Current.Publish(new ValueUpdate(ValueFormat.Forms(updatedValue, mimeTypes), DisplayId));
}

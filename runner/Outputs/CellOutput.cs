using System.Text.Json.Serialization;

namespace Backprop.Runner.Outputs;

/// <summary>Something a cell let its reader see.</summary>
[JsonDerivedType(typeof(StreamOutput), "stream")]
[JsonDerivedType(typeof(ValueOutput), "value")]
[JsonDerivedType(typeof(ValueUpdate), "update")]
[JsonDerivedType(typeof(OutputsCleared), "clear")]
[JsonDerivedType(typeof(ErrorOutput), "error")]
public abstract record CellOutput;

/// <summary>Text written to one of the standard streams.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Text">The text, as it was written.</param>
public sealed record StreamOutput(StreamKind Stream, string Text) : CellOutput
{
    /// <summary>The name of the stream, <c>stdout</c> or <c>stderr</c>.</summary>
    [JsonIgnore]
    public string Name => Stream == StreamKind.Out ? "stdout" : "stderr";
}

/// <summary>A value shown, formatted when it was shown.</summary>
/// <param name="Data">The value's text by mime type.</param>
/// <param name="DisplayId">The name under which the value can be updated.</param>
/// <param name="IsResult">Whether the value is that of the cell's trailing expression.</param>
public sealed record ValueOutput(IReadOnlyDictionary<string, string> Data, string DisplayId, bool IsResult) : CellOutput;

/// <summary>A new form of a value that was shown before.</summary>
/// <param name="Data">The value's text by mime type.</param>
/// <param name="DisplayId">The name that the value was given when it was shown.</param>
public sealed record ValueUpdate(IReadOnlyDictionary<string, string> Data, string DisplayId) : CellOutput;

/// <summary>All that the cell has shown so far is to go.</summary>
/// <param name="Wait">Whether it may stay until there is something to show in its place.</param>
public sealed record OutputsCleared(bool Wait) : CellOutput;

/// <summary>The failure that ended a cell.</summary>
/// <param name="Name">The exception's type, or <c>CompilationError</c>.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Traceback">Where, innermost place first, a line each.</param>
public sealed record ErrorOutput(string Name, string Message, IReadOnlyList<string> Traceback) : CellOutput
{
    /// <summary>All of it, a line each: Jupyter shows a traceback and nothing else.</summary>
    [JsonIgnore]
    public IEnumerable<string> Lines => Traceback.Prepend($"{Name}: {Message}");
}


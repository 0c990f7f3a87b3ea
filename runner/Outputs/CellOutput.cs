using System.Text.Json.Serialization;

namespace Backprop.Runner.Outputs;

/// <summary>An output of a cell.</summary>
[JsonDerivedType(typeof(StreamOutput), "stream")]
[JsonDerivedType(typeof(ValueOutput), "value")]
[JsonDerivedType(typeof(ValueUpdate), "update")]
[JsonDerivedType(typeof(OutputsCleared), "clear")]
[JsonDerivedType(typeof(ErrorOutput), "error")]
public abstract record CellOutput;

/// <summary>Text written to one of the standard streams.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Text">The text.</param>
public sealed record StreamOutput(StreamKind Stream, string Text) : CellOutput
{
    /// <summary>The name of the stream, <c>stdout</c> or <c>stderr</c>.</summary>
    [JsonIgnore]
    public string Name => Stream == StreamKind.Out ? "stdout" : "stderr";
}

/// <summary>A displayed value, formatted at the time it was displayed.</summary>
/// <param name="Data">The formatted value by MIME type.</param>
/// <param name="DisplayId">The id by which the output can be updated.</param>
/// <param name="IsResult">Whether it is the value of the cell's trailing expression.</param>
public sealed record ValueOutput(IReadOnlyDictionary<string, string> Data, string DisplayId, bool IsResult) : CellOutput;

/// <summary>An update of a value that was displayed before.</summary>
/// <param name="Data">The formatted value by MIME type.</param>
/// <param name="DisplayId">The id of the output to update.</param>
public sealed record ValueUpdate(IReadOnlyDictionary<string, string> Data, string DisplayId) : CellOutput;

/// <summary>A request to clear the outputs of the cell so far.</summary>
/// <param name="Wait">Whether to wait for the next output before clearing.</param>
public sealed record OutputsCleared(bool Wait) : CellOutput;

/// <summary>The failure that ended a cell.</summary>
/// <param name="Name">The exception's type, or <c>CompilationError</c>.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Traceback">Where it went wrong, one line per location, innermost first.</param>
public sealed record ErrorOutput(string Name, string Message, IReadOnlyList<string> Traceback) : CellOutput
{
    /// <summary>The name, the message and the traceback. Jupyter shows only the traceback of an error, so the first two have to be in it.</summary>
    [JsonIgnore]
    public IEnumerable<string> Lines => Traceback.Prepend($"{Name}: {Message}");
}

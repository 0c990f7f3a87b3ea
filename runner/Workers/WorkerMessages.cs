using System.Text.Json.Serialization;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Workers;

/// <summary>What a worker is asked to do.</summary>
[JsonDerivedType(typeof(Run), "run")]
[JsonDerivedType(typeof(Interrupt), "interrupt")]
[JsonDerivedType(typeof(Line), "line")]
internal abstract record WorkerRequest
{
    /// <summary>Run a piece of code.</summary>
    internal sealed record Run(Submission Submission) : WorkerRequest;

    /// <summary>Interrupt what runs.</summary>
    internal sealed record Interrupt : WorkerRequest;

    /// <summary>The line of text that was asked for; null when nobody can be asked.</summary>
    internal sealed record Line(string? Text) : WorkerRequest;
}

/// <summary>What a worker tells.</summary>
[JsonDerivedType(typeof(Output), "output")]
[JsonDerivedType(typeof(WantsLine), "wantsLine")]
[JsonDerivedType(typeof(Ended), "ended")]
internal abstract record WorkerAnswer
{
    /// <summary>The running code let its reader see something.</summary>
    internal sealed record Output(CellOutput Shown) : WorkerAnswer;

    /// <summary>The running code waits for a line of text.</summary>
    internal sealed record WantsLine : WorkerAnswer;

    /// <summary>The code came to its end.</summary>
    internal sealed record Ended(SubmissionOutcome Outcome, IReadOnlyList<string> Packages) : WorkerAnswer;
}

/// <summary>The messages between the runner and its worker: JSON, a line each.</summary>
[JsonSerializable(typeof(WorkerRequest))]
[JsonSerializable(typeof(WorkerAnswer))]
internal sealed partial class WorkerMessages : JsonSerializerContext;

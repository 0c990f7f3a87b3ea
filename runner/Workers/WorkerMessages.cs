using System.Text.Json.Serialization;
using Backprop.Runner.Editing;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Workers;

/// <summary>What a worker is asked to do.</summary>
[JsonDerivedType(typeof(Run), "run")]
[JsonDerivedType(typeof(Prepare), "prepare")]
[JsonDerivedType(typeof(PrepareHelp), "prepareHelp")]
[JsonDerivedType(typeof(Interrupt), "interrupt")]
[JsonDerivedType(typeof(Line), "line")]
[JsonDerivedType(typeof(Complete), "complete")]
[JsonDerivedType(typeof(Inspect), "inspect")]
[JsonDerivedType(typeof(Judge), "judge")]
internal abstract record WorkerRequest
{
    /// <summary>Run a piece of code.</summary>
    internal sealed record Run(Submission Submission) : WorkerRequest;

    /// <summary>Make ready for code that is new.</summary>
    internal sealed record Prepare : WorkerRequest;

    /// <summary>Make ready for questions about code that is being typed.</summary>
    internal sealed record PrepareHelp : WorkerRequest;

    /// <summary>Interrupt what runs.</summary>
    internal sealed record Interrupt : WorkerRequest;

    /// <summary>The line of text that was asked for; null when nobody can be asked.</summary>
    internal sealed record Line(string? Text) : WorkerRequest;

    /// <summary>Say what can be typed at a place in a piece of code.</summary>
    internal sealed record Complete(string Code, int Position) : WorkerRequest;

    /// <summary>Say what stands at a place in a piece of code.</summary>
    internal sealed record Inspect(string Code, int Position) : WorkerRequest;

    /// <summary>Say whether a piece of code can be run as it stands.</summary>
    internal sealed record Judge(string Code) : WorkerRequest;
}

/// <summary>What a worker tells.</summary>
[JsonDerivedType(typeof(Output), "output")]
[JsonDerivedType(typeof(WantsLine), "wantsLine")]
[JsonDerivedType(typeof(Ended), "ended")]
[JsonDerivedType(typeof(Completions), "completions")]
[JsonDerivedType(typeof(Info), "info")]
[JsonDerivedType(typeof(Status), "status")]
[JsonDerivedType(typeof(NoAnswer), "noAnswer")]
internal abstract record WorkerAnswer
{
    /// <summary>The running code let its reader see something.</summary>
    internal sealed record Output(CellOutput Shown) : WorkerAnswer;

    /// <summary>The running code waits for a line of text.</summary>
    internal sealed record WantsLine : WorkerAnswer;

    /// <summary>The code came to its end.</summary>
    internal sealed record Ended(SubmissionOutcome Outcome, IReadOnlyList<string> Packages) : WorkerAnswer;

    /// <summary>What can be typed.</summary>
    internal sealed record Completions(CompletionList List) : WorkerAnswer;

    /// <summary>What stands there; null where there is nothing to be said.</summary>
    internal sealed record Info(QuickInfo? Found) : WorkerAnswer;

    /// <summary>Whether the code can be run.</summary>
    internal sealed record Status(CodeStatus Code) : WorkerAnswer;

    /// <summary>The question about a piece of code could not be answered.</summary>
    internal sealed record NoAnswer(string Reason) : WorkerAnswer;
}

/// <summary>The messages between the runner and its worker: JSON, a line each.</summary>
[JsonSerializable(typeof(WorkerRequest))]
[JsonSerializable(typeof(WorkerAnswer))]
internal sealed partial class WorkerMessages : JsonSerializerContext;

using System.Text.Json.Serialization;
using Backprop.Runner.Editing;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Workers;

/// <summary>A request to a worker.</summary>
[JsonDerivedType(typeof(Expect), "expect")]
[JsonDerivedType(typeof(Run), "run")]
[JsonDerivedType(typeof(WarmUpCompiler), "warmUpCompiler")]
[JsonDerivedType(typeof(WarmUpLanguageService), "warmUpLanguageService")]
[JsonDerivedType(typeof(Interrupt), "interrupt")]
[JsonDerivedType(typeof(Line), "line")]
[JsonDerivedType(typeof(Complete), "complete")]
[JsonDerivedType(typeof(Inspect), "inspect")]
[JsonDerivedType(typeof(CheckStatus), "checkStatus")]
internal abstract record WorkerRequest
{
    /// <summary>Compile submissions that will probably run, while earlier ones run.</summary>
    internal sealed record Expect(IReadOnlyList<Submission> Submissions) : WorkerRequest;

    /// <summary>Run code.</summary>
    internal sealed record Run(Submission Submission) : WorkerRequest;

    /// <summary>Warm up the compiler.</summary>
    internal sealed record WarmUpCompiler : WorkerRequest;

    /// <summary>Warm up completion and quick info.</summary>
    internal sealed record WarmUpLanguageService : WorkerRequest;

    /// <summary>Interrupt the running code.</summary>
    internal sealed record Interrupt : WorkerRequest;

    /// <summary>The requested line of input; null when there is nobody to prompt.</summary>
    internal sealed record Line(string? Text) : WorkerRequest;

    /// <summary>Return the completions at a position.</summary>
    internal sealed record Complete(string Code, int Position) : WorkerRequest;

    /// <summary>Describe the name at a position.</summary>
    internal sealed record Inspect(string Code, int Position) : WorkerRequest;

    /// <summary>Return whether code is complete.</summary>
    internal sealed record CheckStatus(string Code) : WorkerRequest;
}

/// <summary>A message from a worker.</summary>
[JsonDerivedType(typeof(Output), "output")]
[JsonDerivedType(typeof(WantsLine), "wantsLine")]
[JsonDerivedType(typeof(Ended), "ended")]
[JsonDerivedType(typeof(Completions), "completions")]
[JsonDerivedType(typeof(Info), "info")]
[JsonDerivedType(typeof(Status), "status")]
[JsonDerivedType(typeof(NoAnswer), "noAnswer")]
internal abstract record WorkerAnswer
{
    /// <summary>An output of the running code.</summary>
    internal sealed record Output(CellOutput Shown) : WorkerAnswer;

    /// <summary>The running code requests a line of input.</summary>
    internal sealed record WantsLine : WorkerAnswer;

    /// <summary>The code has ended.</summary>
    internal sealed record Ended(SubmissionOutcome Outcome, IReadOnlyList<string> Packages) : WorkerAnswer;

    /// <summary>The completions.</summary>
    internal sealed record Completions(CompletionList List) : WorkerAnswer;

    /// <summary>The description; null when there is none.</summary>
    internal sealed record Info(QuickInfo? Found) : WorkerAnswer;

    /// <summary>Whether the code is complete.</summary>
    internal sealed record Status(CodeStatus Code) : WorkerAnswer;

    /// <summary>The request failed.</summary>
    internal sealed record NoAnswer(string Reason) : WorkerAnswer;
}

/// <summary>The messages between the runner and a worker: JSON, one message per line.</summary>
[JsonSerializable(typeof(WorkerRequest))]
[JsonSerializable(typeof(WorkerAnswer))]
internal sealed partial class WorkerMessages : JsonSerializerContext;

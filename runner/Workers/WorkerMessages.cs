using System.Text.Json.Serialization;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Workers;

/// <summary>What a worker is asked to do.</summary>
/// <param name="Submission">The code to run; null interrupts what runs.</param>
internal sealed record WorkerRequest(Submission? Submission);

/// <summary>What a worker tells: an output of the running code, or else how the code ended.</summary>
/// <param name="Output">The output; null at the end of the code.</param>
/// <param name="Succeeded">Whether the code ran to its end.</param>
/// <param name="Packages">The packages in use at the end.</param>
internal sealed record WorkerAnswer(CellOutput? Output, bool Succeeded, IReadOnlyList<string> Packages);

/// <summary>The messages between the runner and its worker: JSON, a line each.</summary>
[JsonSerializable(typeof(WorkerRequest))]
[JsonSerializable(typeof(WorkerAnswer))]
internal sealed partial class WorkerMessages : JsonSerializerContext;

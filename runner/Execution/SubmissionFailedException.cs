using Backprop.Runner.Outputs;

namespace Backprop.Runner.Execution;

/// <summary>Thrown when a submission fails, with the output that describes the error.</summary>
internal sealed class SubmissionFailedException(ErrorOutput error) : Exception(error.Message)
{
    public ErrorOutput Error { get; } = error;
}

using Backprop.Runner.Outputs;

namespace Backprop.Runner.Execution;

/// <summary>Carries a submission's failure to the place that publishes it.</summary>
internal sealed class SubmissionFailedException(ErrorOutput error) : Exception(error.Message)
{
    public ErrorOutput Error { get; } = error;
}

namespace Backprop.Runner.Execution;

/// <summary>How a submission ended.</summary>
internal enum SubmissionOutcome
{
    /// <summary>It completed.</summary>
    Completed,

    /// <summary>It failed, as described by an <see cref="Outputs.ErrorOutput"/>.</summary>
    Failed,

    /// <summary>It was interrupted.</summary>
    Interrupted,
}

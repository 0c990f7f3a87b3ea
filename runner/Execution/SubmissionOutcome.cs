namespace Backprop.Runner.Execution;

/// <summary>How a piece of code ended.</summary>
internal enum SubmissionOutcome
{
    /// <summary>It ran to its end.</summary>
    Completed,

    /// <summary>It failed, and an <see cref="Outputs.ErrorOutput"/> said how.</summary>
    Failed,

    /// <summary>It was interrupted.</summary>
    Interrupted,
}

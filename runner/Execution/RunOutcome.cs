namespace Backprop.Runner.Execution;

/// <summary>How a run ended. The values are the exit codes of the program.</summary>
public enum RunOutcome
{
    /// <summary>Every cell completed.</summary>
    Completed = 0,

    /// <summary>A cell failed.</summary>
    CellFailed = 1,

    /// <summary>The arguments or the notebook are invalid and no cell was run, or the outputs cannot be written.</summary>
    Error = 2,

    /// <summary>A cell exceeded the time limit.</summary>
    TimedOut = 3,

    /// <summary>The run was cancelled.</summary>
    Cancelled = 130,
}

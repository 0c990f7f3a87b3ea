namespace Backprop.Runner.Execution;

/// <summary>How a run ended; the numbers are the program's exit codes.</summary>
public enum RunOutcome
{
    /// <summary>Every cell ran to its end.</summary>
    Completed = 0,

    /// <summary>A cell failed.</summary>
    CellFailed = 1,

    /// <summary>The arguments or the notebook cannot be used, so that nothing ran; or what came of the run cannot be written or shown.</summary>
    Unusable = 2,

    /// <summary>A cell took longer than it was given.</summary>
    TimedOut = 3,

    /// <summary>The run was called off.</summary>
    Cancelled = 130,
}

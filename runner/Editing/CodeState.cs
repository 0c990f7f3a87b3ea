namespace Backprop.Runner.Editing;

/// <summary>Whether code is complete.</summary>
public enum CodeState
{
    /// <summary>The code can be run.</summary>
    Complete,

    /// <summary>The code needs more lines.</summary>
    Incomplete,

    /// <summary>The code has an error that no further line can fix.</summary>
    Invalid,
}

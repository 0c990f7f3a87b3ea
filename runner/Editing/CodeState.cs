namespace Backprop.Runner.Editing;

/// <summary>Whether code can be run as it stands.</summary>
public enum CodeState
{
    /// <summary>It can be run.</summary>
    Complete,

    /// <summary>It goes on: something is still open.</summary>
    Incomplete,

    /// <summary>It has an error that no further line mends.</summary>
    Invalid,
}

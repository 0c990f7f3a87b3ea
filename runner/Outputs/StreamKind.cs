namespace Backprop.Runner.Outputs;

/// <summary>The streams a program writes text to.</summary>
public enum StreamKind
{
    /// <summary>Standard output.</summary>
    Out,

    /// <summary>Standard error.</summary>
    Error,
}

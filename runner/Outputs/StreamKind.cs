namespace Backprop.Runner.Outputs;

/// <summary>The standard output streams.</summary>
public enum StreamKind
{
    /// <summary>Standard output.</summary>
    Out,

    /// <summary>Standard error.</summary>
    Error,
}

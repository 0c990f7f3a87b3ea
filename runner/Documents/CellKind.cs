namespace Backprop.Runner.Documents;

/// <summary>What a cell holds.</summary>
public enum CellKind
{
    /// <summary>Code that a session can execute.</summary>
    Code,

    /// <summary>Prose, written in Markdown.</summary>
    Markdown,

    /// <summary>Text that is neither run nor rendered.</summary>
    Raw,
}

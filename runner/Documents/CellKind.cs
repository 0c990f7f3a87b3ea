namespace Backprop.Runner.Documents;

/// <summary>The type of a cell.</summary>
public enum CellKind
{
    /// <summary>Code.</summary>
    Code,

    /// <summary>Markdown.</summary>
    Markdown,

    /// <summary>Text that is neither run nor rendered.</summary>
    Raw,
}

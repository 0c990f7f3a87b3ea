using System.Text.Json.Nodes;

namespace Backprop.Runner.Documents;

/// <summary>One cell of a notebook, as its author wrote it.</summary>
/// <param name="Kind">What the cell holds.</param>
/// <param name="Language">The language of a code cell, by its Polyglot kernel name (<c>csharp</c>); <c>markdown</c> or <c>raw</c> otherwise.</param>
/// <param name="Source">The text of the cell, lines separated by <c>\n</c>, without a final line break.</param>
public sealed record Cell(CellKind Kind, string Language, string Source)
{
    /// <summary>The cell as its .ipynb file held it, with every key this program does not know; null for a cell from a .dib file.</summary>
    public JsonObject? Original { get; init; }
}

using System.Text.Json.Nodes;

namespace Backprop.Runner.Documents;

/// <summary>A cell of a notebook, without outputs.</summary>
/// <param name="Kind">The type of the cell.</param>
/// <param name="Language">The language of a code cell, by its Polyglot kernel name (<c>csharp</c>); <c>markdown</c> or <c>raw</c> otherwise.</param>
/// <param name="Source">The text of the cell, lines separated by <c>\n</c>, without a final line break.</param>
public sealed record Cell(CellKind Kind, string Language, string Source)
{
    /// <summary>The cell's JSON in its .ipynb file, including the keys that are unknown here; null for a cell from a .dib file.</summary>
    public JsonObject? Original { get; init; }
}

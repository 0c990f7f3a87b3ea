using System.Text.Json.Nodes;

namespace Backprop.Runner.Documents;

/// <summary>A notebook.</summary>
/// <param name="Cells">The cells, in order.</param>
public sealed record Notebook(IReadOnlyList<Cell> Cells)
{
    /// <summary>The JSON of its .ipynb file without the cells, including the keys that are unknown here; null for a .dib file.</summary>
    public JsonObject? Original { get; init; }
}

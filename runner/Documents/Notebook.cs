using System.Text.Json.Nodes;

namespace Backprop.Runner.Documents;

/// <summary>A notebook: cells in the order in which they are read and run.</summary>
/// <param name="Cells">The cells.</param>
public sealed record Notebook(IReadOnlyList<Cell> Cells)
{
    /// <summary>The notebook's metadata as its .ipynb file held it; null for one from a .dib file.</summary>
    public JsonObject? Metadata { get; init; }
}

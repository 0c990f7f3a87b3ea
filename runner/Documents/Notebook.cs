using System.Text.Json.Nodes;

namespace Backprop.Runner.Documents;

/// <summary>A notebook: cells in the order in which they are read and run.</summary>
/// <param name="Cells">The cells.</param>
public sealed record Notebook(IReadOnlyList<Cell> Cells)
{
    /// <summary>What its .ipynb file held beside the cells, with every key this program does not know; null for one from a .dib file.</summary>
    public JsonObject? Original { get; init; }
}

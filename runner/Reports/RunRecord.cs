using Backprop.Runner.Documents;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Reports;

/// <summary>Collects the cells with their outputs, for reports that are written after the run.</summary>
public sealed class RunRecord : INotebookListener
{
    private readonly List<ExecutedCell> cells = [];

    /// <summary>The cells that ran, in order.</summary>
    public IReadOnlyList<ExecutedCell> Cells => cells;

    /// <inheritdoc/>
    public void CellStarted(Cell cell, int number)
    {
    }

    /// <inheritdoc/>
    public void OutputShown(CellOutput output)
    {
    }

    /// <inheritdoc/>
    public void CellFinished(ExecutedCell cell) => cells.Add(cell);
}

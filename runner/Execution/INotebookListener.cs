using Backprop.Runner.Documents;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Execution;

/// <summary>Is told what happens in a run, in order, while it happens.</summary>
public interface INotebookListener
{
    /// <summary>A cell is about to run; one of prose is only passed.</summary>
    void CellStarted(Cell cell, int number);

    /// <summary>The running cell let its reader see something.</summary>
    void OutputShown(CellOutput output);

    /// <summary>The cell came to its end, well or not.</summary>
    void CellFinished(ExecutedCell cell);
}

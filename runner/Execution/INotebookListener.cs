using Backprop.Runner.Documents;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Execution;

/// <summary>Receives the events of a run in order, as they happen.</summary>
public interface INotebookListener
{
    /// <summary>Called before each cell, including Markdown cells.</summary>
    void CellStarted(Cell cell, int number);

    /// <summary>Called for each output of the running cell.</summary>
    void OutputShown(CellOutput output);

    /// <summary>Called after each cell, whether it completed or failed.</summary>
    void CellFinished(ExecutedCell cell);
}

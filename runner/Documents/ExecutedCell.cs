using Backprop.Runner.Outputs;

namespace Backprop.Runner.Documents;

/// <summary>A cell and what came of it in a run.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="ExecutionCount">Its place among the code cells that ran, from 1; null when it did not run.</param>
/// <param name="Outputs">What it showed, in order.</param>
/// <param name="Duration">How long it ran.</param>
public sealed record ExecutedCell(Cell Cell, int? ExecutionCount, IReadOnlyList<CellOutput> Outputs, TimeSpan Duration);

using Backprop.Runner.Outputs;

namespace Backprop.Runner.Documents;

/// <summary>A cell with its outputs in a run.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="ExecutionCount">The execution count, from 1; null for a cell that did not run.</param>
/// <param name="Outputs">The outputs, in order.</param>
/// <param name="Duration">How long it ran.</param>
public sealed record ExecutedCell(Cell Cell, int? ExecutionCount, IReadOnlyList<CellOutput> Outputs, TimeSpan Duration);

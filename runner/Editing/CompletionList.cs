namespace Backprop.Runner.Editing;

/// <summary>The completions at a position in a cell, and the range of text that they replace.</summary>
/// <param name="Start">The start of the range, in UTF-16 code units.</param>
/// <param name="End">The end of the range.</param>
/// <param name="Items">The completions, best match first.</param>
public sealed record CompletionList(int Start, int End, IReadOnlyList<Completion> Items);

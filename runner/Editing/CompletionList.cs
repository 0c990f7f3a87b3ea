namespace Backprop.Runner.Editing;

/// <summary>What can be typed at a place in a cell, and the text that it replaces.</summary>
/// <param name="Start">Where that text starts, counted in UTF-16 units.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Items">What can be typed, best match first.</param>
public sealed record CompletionList(int Start, int End, IReadOnlyList<Completion> Items);

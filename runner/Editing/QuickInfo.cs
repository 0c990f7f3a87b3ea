namespace Backprop.Runner.Editing;

/// <summary>What is to be said of a name in a cell: its signature and its doc comment.</summary>
/// <param name="Text">As plain text.</param>
/// <param name="Markdown">As Markdown.</param>
public sealed record QuickInfo(string Text, string Markdown);

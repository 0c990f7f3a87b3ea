namespace Backprop.Runner.Editing;

/// <summary>The description of a name in a cell: its signature and doc comment.</summary>
/// <param name="Text">As plain text.</param>
/// <param name="Markdown">As Markdown.</param>
public sealed record QuickInfo(string Text, string Markdown);

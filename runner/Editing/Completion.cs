namespace Backprop.Runner.Editing;

/// <summary>Something that can be typed at a place in a cell.</summary>
/// <param name="Text">The text to put there.</param>
/// <param name="Display">What a reader chooses it by: the text, of a generic type or method with its brackets.</param>
/// <param name="Kind">What it is, a lower-case word: <c>method</c>, <c>field</c>, <c>class</c>, <c>keyword</c>…</param>
public sealed record Completion(string Text, string Display, string Kind);

namespace Backprop.Runner.Editing;

/// <summary>A completion.</summary>
/// <param name="Text">The text to insert.</param>
/// <param name="Display">The text in the completion list, for a generic type or method with its brackets.</param>
/// <param name="Kind">The kind in lower case, such as <c>method</c>, <c>field</c>, <c>class</c> or <c>keyword</c>.</param>
public sealed record Completion(string Text, string Display, string Kind);

namespace Backprop.Runner.Execution;

/// <summary>A piece of C# to execute in a session.</summary>
/// <param name="Name">The name in error messages, such as <c>cell 9</c>.</param>
/// <param name="Code">The code.</param>
public sealed record Submission(string Name, string Code);

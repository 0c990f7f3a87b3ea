namespace Backprop.Runner.Execution;

/// <summary>A piece of C# for a session to execute.</summary>
/// <param name="Name">What errors call it, such as <c>cell 9</c>.</param>
/// <param name="Code">The code.</param>
public sealed record Submission(string Name, string Code);

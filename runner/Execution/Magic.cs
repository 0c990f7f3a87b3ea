namespace Backprop.Runner.Execution;

/// <summary>A magic command: a line that is not C# but an instruction to .NET Interactive.</summary>
/// <param name="Text">The line.</param>
/// <param name="Line">Its number in the cell, from 1.</param>
internal sealed record Magic(string Text, int Line)
{
    /// <summary>The error message: why the line cannot run, and what to do.</summary>
    public string Explanation =>
        $"'{Text}' is a magic command of .NET Interactive, which is not supported here. Remove the line; besides C#, only #r and #load work.";
}

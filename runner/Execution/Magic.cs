namespace Backprop.Runner.Execution;

/// <summary>A line in a cell that is an instruction to .NET Interactive and no C#.</summary>
/// <param name="Text">The line.</param>
/// <param name="Line">Its number in the cell, from 1.</param>
internal sealed record Magic(string Text, int Line)
{
    /// <summary>Why it is refused, and what to do.</summary>
    public string Explanation =>
        $"'{Text}' is a command of .NET Interactive that this program does not carry out. Only C# cells with #r and #load are run; remove the line.";
}

namespace Backprop.Runner.Compiling;

/// <summary>What a directive does.</summary>
internal enum DirectiveKind
{
    /// <summary><c>#r</c>: references an assembly or a package.</summary>
    Reference,

    /// <summary><c>#load</c>: loads a file.</summary>
    Load,

    /// <summary>A magic command of .NET Interactive.</summary>
    Magic,
}

/// <summary>A line of a cell or of a loaded file that notebooks or C# script add to C#.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Text">The name in quotation marks; the whole line of a magic command.</param>
/// <param name="Position">Where it starts in the code.</param>
/// <param name="Length">The number of characters from there to its end.</param>
/// <param name="Line">Its line number, from 1.</param>
internal sealed record Directive(DirectiveKind Kind, string Text, int Position, int Length, int Line);

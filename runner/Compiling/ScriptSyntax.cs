using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Runner.Compiling;

/// <summary>Parses C# script, the dialect of cells.</summary>
internal static class ScriptSyntax
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);
    private static readonly char[] LineEnds = ['\r', '\n', '\u0085', '\u2028', '\u2029'];

    /// <summary>Parses the code of a cell.</summary>
    public static CompilationUnitSyntax Parse(string code) => CSharpSyntaxTree.ParseText(code, Options).GetCompilationUnitRoot();

    /// <summary>Parses the code of a cell up to the line with the last match.</summary>
    public static CompilationUnitSyntax ParseToLast(Regex pattern, string code)
    {
        var end = 0;
        foreach (var match in pattern.EnumerateMatches(code))
        {
            end = match.Index + match.Length;
        }

        return Parse(code[..(code.IndexOfAny(LineEnds, end) is var line and >= 0 ? line : code.Length)]);
    }
}

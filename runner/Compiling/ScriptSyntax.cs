using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Runner.Compiling;

/// <summary>Parses C# script, the dialect of cells.</summary>
internal static partial class ScriptSyntax
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);
    private static readonly char[] LineEnds = ['\r', '\n', '\u0085', '\u2028', '\u2029'];

    /// <summary>Parses the code of a cell.</summary>
    public static CompilationUnitSyntax Parse(string code) => CSharpSyntaxTree.ParseText(code, Options).GetCompilationUnitRoot();

    /// <summary>
    /// Parses the code of a cell up to the last line that may be a <c>#r</c>, a <c>#load</c> or a magic command; returns null where no line may be one.
    /// </summary>
    /// <remarks>A run whose cells are all in the compilation cache needs nothing else parsed.</remarks>
    public static CompilationUnitSyntax? ParseDirectives(string code)
    {
        var end = -1;
        foreach (var directive in MayBeDirective().EnumerateMatches(code))
        {
            end = directive.Index + directive.Length;
        }

        return end < 0 ? null : Parse(code[..(code.IndexOfAny(LineEnds, end) is var line and >= 0 ? line : code.Length)]);
    }

    [GeneratedRegex(@"(^|[\r\n\u0085\u2028\u2029])[^\S\r\n\u0085\u2028\u2029]*#\s*(load\b|r\b|i |!)")]
    private static partial Regex MayBeDirective();
}

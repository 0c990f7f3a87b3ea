using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Runner.Compiling;

/// <summary>Parses C# script, the dialect of cells.</summary>
internal static class ScriptSyntax
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    /// <summary>Parses the code of a cell.</summary>
    public static CompilationUnitSyntax Parse(string code) => CSharpSyntaxTree.ParseText(code, Options).GetCompilationUnitRoot();
}

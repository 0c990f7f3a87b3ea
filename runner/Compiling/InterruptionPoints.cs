using System.Text;
using Backprop.Runner.Execution;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Runner.Compiling;

/// <summary>Puts an interruption point into every loop and every function of a piece of code; each line stays where it was.</summary>
internal static class InterruptionPoints
{
    private const string Point = $"global::Backprop.Runner.Execution.{nameof(Interruption)}.{nameof(Interruption.Point)}();";

    /// <summary>The code with its interruption points; code that does not parse is left as it is.</summary>
    public static string AddTo(string code)
    {
        var root = ScriptSyntax.Parse(code);
        if (root.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
        {
            return code;
        }

        var result = new StringBuilder(code);
        foreach (var (position, text) in root.DescendantNodes().SelectMany(Insertions).OrderByDescending(insertion => insertion.Position))
        {
            result.Insert(position, text);
        }

        return result.ToString();
    }

    private static IEnumerable<(int Position, string Text)> Insertions(SyntaxNode node) => node switch
    {
        WhileStatementSyntax loop => AtStartOf(loop.Statement),
        DoStatementSyntax loop => AtStartOf(loop.Statement),
        ForStatementSyntax loop => AtStartOf(loop.Statement),
        CommonForEachStatementSyntax loop => AtStartOf(loop.Statement),
        LocalFunctionStatementSyntax { Body: { } body } => AtStartOf(body),
        BaseMethodDeclarationSyntax { Body: { } body } and not ConstructorDeclarationSyntax => AtStartOf(body),
        AnonymousFunctionExpressionSyntax { Block: { } body } => AtStartOf(body),
        _ => [],
    };

    // A declaration is an error there, and would be none in braces.
    private static IEnumerable<(int Position, string Text)> AtStartOf(StatementSyntax statement) => statement switch
    {
        BlockSyntax block => [(block.OpenBraceToken.Span.End, $" {Point}")],
        LocalDeclarationStatementSyntax or LocalFunctionStatementSyntax or LabeledStatementSyntax => [],
        _ => [(statement.SpanStart, $"{{ {Point} "), (statement.Span.End, " }")],
    };
}

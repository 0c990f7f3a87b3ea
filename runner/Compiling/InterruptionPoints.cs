using System.Text;
using Backprop.Runner.Execution;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Runner.Compiling;

/// <summary>Inserts an interruption point into every loop and function, without changing line numbers.</summary>
internal static class InterruptionPoints
{
    private const string Point = $"global::Backprop.Runner.Execution.{nameof(Interruption)}.{nameof(Interruption.Point)}();";

    /// <summary>Returns the code with interruption points. Code with syntax errors is returned unchanged.</summary>
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
        WhileStatementSyntax loop => AtStart(loop.Statement),
        DoStatementSyntax loop => AtStart(loop.Statement),
        ForStatementSyntax loop => AtStart(loop.Statement),
        CommonForEachStatementSyntax loop => AtStart(loop.Statement),
        LocalFunctionStatementSyntax { Body: { } body } => AtStart(body),
        BaseMethodDeclarationSyntax { Body: { } body } and not ConstructorDeclarationSyntax => AtStart(body),
        AnonymousFunctionExpressionSyntax { Block: { } body } => AtStart(body),
        _ => [],
    };

    // A declaration without braces is a compile error here and has to stay one.
    private static IEnumerable<(int Position, string Text)> AtStart(StatementSyntax statement) => statement switch
    {
        BlockSyntax block => [(block.OpenBraceToken.Span.End, $" {Point}")],
        LocalDeclarationStatementSyntax or LocalFunctionStatementSyntax or LabeledStatementSyntax => [],
        _ => [(statement.SpanStart, $"{{ {Point} "), (statement.Span.End, " }")],
    };
}

using Backprop.Runner.Compiling;
using Backprop.Runner.Execution;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Backprop.Runner.Editing;

/// <summary>Whether code is complete, and if not, how its next line is indented.</summary>
/// <param name="State">Whether the code is complete.</param>
/// <param name="Indent">The indentation of the next line of incomplete code; otherwise empty.</param>
public sealed record CodeStatus(CodeState State, string Indent = "")
{
    private const string Step = "    ";

    /// <summary>Determines the status of code from its syntax alone.</summary>
    public static CodeStatus Of(string code)
    {
        try
        {
            var root = ScriptSyntax.Parse(SubmissionSource.Parse(new Submission("cell", code)).Code);
            return SyntaxFactory.IsCompleteSubmission(root.SyntaxTree)
                ? new CodeStatus(HasError(root) ? CodeState.Invalid : CodeState.Complete)
                : new CodeStatus(CodeState.Incomplete, IndentAfter(root));
        }
        catch (SubmissionFailedException)
        {
            return new CodeStatus(CodeState.Invalid);
        }
    }

    private static bool HasError(SyntaxNode root) => root.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    // The indentation of the last line plus one step for each bracket left open. Brackets that the line starts by closing are already accounted for.
    private static string IndentAfter(SyntaxNode root)
    {
        var line = root.GetText().Lines[^1];
        var text = line.ToString();
        var open = root.DescendantTokens(line.Span)
            .Where(token => !token.IsMissing && line.Span.Contains(token.SpanStart))
            .Select(Depth)
            .SkipWhile(depth => depth < 0)
            .Sum();
        return text[..^text.TrimStart().Length] + string.Concat(Enumerable.Repeat(Step, Math.Max(0, open)));
    }

    private static int Depth(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.OpenBraceToken or SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken => 1,
        SyntaxKind.CloseBraceToken or SyntaxKind.CloseParenToken or SyntaxKind.CloseBracketToken => -1,
        _ => 0,
    };
}

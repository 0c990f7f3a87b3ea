using System.Net;
using System.Text;
using Backprop.Runner.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Backprop.Runner.Reports;

/// <summary>Converts C# to HTML with classes for syntax highlighting.</summary>
internal static class CSharpHighlighter
{
    /// <summary>Returns the escaped code with <c>span</c> elements of the classes <c>keyword</c>, <c>string</c>, <c>number</c>, <c>comment</c> and <c>directive</c>.</summary>
    public static string ToHtml(string code)
    {
        var html = new StringBuilder();
        foreach (var token in ScriptSyntax.Parse(code).DescendantTokens())
        {
            foreach (var trivia in token.LeadingTrivia)
            {
                Append(trivia.ToFullString(), ClassOf(trivia));
            }

            Append(token.Text, ClassOf(token));
            foreach (var trivia in token.TrailingTrivia)
            {
                Append(trivia.ToFullString(), ClassOf(trivia));
            }
        }

        return html.ToString();

        void Append(string text, string? name)
        {
            var encoded = WebUtility.HtmlEncode(text);
            html.Append(name is null || text.Length == 0 ? encoded : $"<span class=\"{name}\">{encoded}</span>");
        }
    }

    private static string? ClassOf(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.NumericLiteralToken => "number",
        SyntaxKind.CharacterLiteralToken or SyntaxKind.InterpolatedStringTextToken
            or SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedStringEndToken
            or SyntaxKind.InterpolatedVerbatimStringStartToken or SyntaxKind.InterpolatedRawStringEndToken
            or SyntaxKind.InterpolatedSingleLineRawStringStartToken or SyntaxKind.InterpolatedMultiLineRawStringStartToken
            or SyntaxKind.StringLiteralToken or SyntaxKind.SingleLineRawStringLiteralToken
            or SyntaxKind.MultiLineRawStringLiteralToken => "string",
        var kind when SyntaxFacts.IsKeywordKind(kind) || token.IsContextualKeyword() || IsVar(token) => "keyword",
        _ => null,
    };

    private static bool IsVar(SyntaxToken token) => token.Text == "var" && token.Parent is Microsoft.CodeAnalysis.CSharp.Syntax.IdentifierNameSyntax;

    private static string? ClassOf(SyntaxTrivia trivia) => trivia.IsDirective ? "directive"
        : trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
            or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia ? "comment"
        : null;
}

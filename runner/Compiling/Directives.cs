using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Runner.Compiling;

/// <summary>Finds the directives of a cell or a loaded file.</summary>
/// <remarks>
/// Usually they come before the first code, where they can be found without loading Roslyn: a run whose cells are all in the compilation
/// cache does not need it at all.
/// </remarks>
internal static partial class Directives
{
    private const string LineEnd = @"\r\n\u0085\u2028\u2029";
    private const string Magic = "#!";
    private const string Space = $@"[^\S{LineEnd}]*";

    /// <summary>Returns the directives in the order of the code.</summary>
    public static IReadOnlyList<Directive> Of(string code) =>
        MayBeDirective().IsMatch(code) ? BeforeCode(code) ?? Parsed(code) : [];

    // Before the first code there is no string, comment or #if that could contain what only looks like a directive. Returns null when a
    // later line may be a directive, or when one is unusual.
    private static List<Directive>? BeforeCode(string code)
    {
        var found = new List<Directive>();
        var (position, line) = (0, 1);
        while (position < code.Length && LineBeforeCode().Match(code, position) is { Success: true } match)
        {
            if (match.Groups["file"] is { Success: true } file)
            {
                var start = match.Groups["directive"];
                found.Add(new Directive(match.Groups["kind"].Value == "r" ? DirectiveKind.Reference : DirectiveKind.Load, file.Value, start.Index, start.Length, line));
            }

            position += match.Length;
            line++;
        }

        // The line break before the position is part of the pattern.
        return MayBeDirective().IsMatch(code, Math.Max(0, position - 1)) ? null : found;
    }

    private static List<Directive> Parsed(string code) =>
    [
        .. from trivia in ScriptSyntax.ParseToLast(MayBeDirective(), code).DescendantTrivia()
        let directive = Parsed(trivia, code)
        where directive is not null
        select directive,
    ];

    private static Directive? Parsed(SyntaxTrivia trivia, string code)
    {
        return trivia.GetStructure() switch
        {
            ReferenceDirectiveTriviaSyntax reference => Found(DirectiveKind.Reference, reference.File.ValueText),
            LoadDirectiveTriviaSyntax load => Found(DirectiveKind.Load, load.File.ValueText),
            ShebangDirectiveTriviaSyntax or BadDirectiveTriviaSyntax when Begins(Magic) || Begins("#i ") =>
                Found(DirectiveKind.Magic, code[trivia.SpanStart..].Split('\n')[0].TrimEnd()),
            _ => null,
        };

        bool Begins(string text) => code.AsSpan(trivia.SpanStart).StartsWith(text, StringComparison.Ordinal);

        Directive Found(DirectiveKind kind, string text) =>
            new(kind, text, trivia.SpanStart, trivia.Span.Length, trivia.GetLocation().GetLineSpan().StartLinePosition.Line + 1);
    }

    [GeneratedRegex($@"(^|[{LineEnd}]){Space}#\s*(load\b|r\b|i |!)")]
    private static partial Regex MayBeDirective();

    [GeneratedRegex($@"\G{Space}(//[^{LineEnd}]*|#nullable\b[^{LineEnd}]*|(?<directive>#{Space}(?<kind>r|load){Space}""(?<file>[^""{LineEnd}]*)""){Space})?(\r\n|[{LineEnd}]|$)")]
    private static partial Regex LineBeforeCode();
}

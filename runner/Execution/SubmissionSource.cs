using Backprop.Runner.Compiling;
using Backprop.Runner.Documents;
using Backprop.Runner.Outputs;
using Backprop.Runner.Packages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Runner.Execution;

/// <summary>A submission parsed for what notebooks add to C# script: <c>#r "nuget:…"</c>, and magic commands, which are not supported.</summary>
/// <param name="Name">The name in error messages.</param>
/// <param name="Code">The C# script, with unchanged line and column numbers.</param>
/// <param name="Packages">The packages that it references.</param>
/// <param name="PackageLines">The line numbers of these references, from 1.</param>
internal sealed record SubmissionSource(
    string Name, string Code, IReadOnlyList<PackageRequest> Packages, IReadOnlyList<int> PackageLines)
{
    /// <summary>Parses a submission.</summary>
    /// <exception cref="SubmissionFailedException">It contains a magic command or an invalid package reference.</exception>
    public static SubmissionSource Parse(Submission submission)
    {
        if (ScriptSyntax.ParseDirectives(submission.Code) is not { } root)
        {
            return new SubmissionSource(submission.Name, submission.Code, [], []);
        }

        if (FindMagic(root, submission.Code) is { } magic)
        {
            throw Failed("UnsupportedMagic", magic.Explanation, submission.Name, magic.Line);
        }

        var code = submission.Code.ToCharArray();
        if (LineSelectingCSharp(submission.Code) is not null)
        {
            var start = submission.Code.IndexOf(Languages.Marker, StringComparison.Ordinal);
            code.AsSpan(start, Lines.FirstOf(submission.Code).Length).Fill(' ');
        }

        var packages = new List<PackageRequest>();
        var lines = new List<int>();
        foreach (var directive in root.GetReferenceDirectives().Where(directive => PackageRequest.IsPackage(directive.File.ValueText)))
        {
            packages.Add(Request(directive, submission.Name));
            lines.Add(LineOf(directive.GetLocation()));
            code.AsSpan(directive.Span.Start, directive.Span.Length).Fill(' ');
        }

        return new SubmissionSource(submission.Name, new string(code), packages, lines);
    }

    /// <summary>Returns the first magic command, or null when there is none.</summary>
    public static Magic? FindMagic(string code) => ScriptSyntax.ParseDirectives(code) is { } root ? FindMagic(root, code) : null;

    private static Magic? FindMagic(CompilationUnitSyntax root, string code)
    {
        return root.DescendantTrivia()
            .Where(trivia => trivia.IsKind(SyntaxKind.ShebangDirectiveTrivia) || trivia.IsKind(SyntaxKind.BadDirectiveTrivia))
            .Where(trivia => Begins(trivia, Languages.Marker) || Begins(trivia, "#i "))
            .Select(trivia => new Magic(TextOf(trivia), LineOf(trivia.GetLocation())))
            .FirstOrDefault(magic => magic.Line != LineSelectingCSharp(code));

        bool Begins(SyntaxTrivia trivia, string text) => code.AsSpan(trivia.SpanStart).StartsWith(text, StringComparison.Ordinal);

        string TextOf(SyntaxTrivia trivia) => code[trivia.SpanStart..].Split('\n')[0].TrimEnd();
    }

    // Polyglot Notebooks may start a cell with #!csharp, which has no effect here.
    private static int? LineSelectingCSharp(string code) =>
        Languages.SelectedBy(Lines.FirstOf(code)) == Languages.CSharp
            ? Array.FindIndex(Lines.Split(code), line => !string.IsNullOrWhiteSpace(line)) + 1
            : null;

    private static PackageRequest Request(ReferenceDirectiveTriviaSyntax directive, string name)
    {
        try
        {
            return PackageRequest.Parse(directive.File.ValueText);
        }
        catch (FormatException e)
        {
            throw Failed("PackageError", e.Message, name, LineOf(directive.GetLocation()));
        }
    }

    private static int LineOf(Location location) => location.GetLineSpan().StartLinePosition.Line + 1;

    private static SubmissionFailedException Failed(string kind, string message, string name, int line) =>
        new(new ErrorOutput(kind, message, [$"at {name}, line {line}"]));
}

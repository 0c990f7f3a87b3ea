using Backprop.Runner.Compiling;
using Backprop.Runner.Documents;
using Backprop.Runner.Outputs;
using Backprop.Runner.Packages;

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
        var directives = Directives.Of(submission.Code);
        if (FindMagic(directives, submission.Code) is { } magic)
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
        foreach (var directive in directives.Where(directive => directive.Kind == DirectiveKind.Reference && PackageRequest.IsPackage(directive.Text)))
        {
            packages.Add(Request(directive, submission.Name));
            lines.Add(directive.Line);
            code.AsSpan(directive.Position, directive.Length).Fill(' ');
        }

        return new SubmissionSource(submission.Name, new string(code), packages, lines);
    }

    /// <summary>Returns the first magic command, or null when there is none.</summary>
    public static Magic? FindMagic(string code) => FindMagic(Directives.Of(code), code);

    private static Magic? FindMagic(IEnumerable<Directive> directives, string code) => directives
        .Where(directive => directive.Kind == DirectiveKind.Magic)
        .Select(directive => new Magic(directive.Text, directive.Line))
        .FirstOrDefault(magic => magic.Line != LineSelectingCSharp(code));

    // Polyglot Notebooks may start a cell with #!csharp, which has no effect here.
    private static int? LineSelectingCSharp(string code) =>
        Languages.SelectedBy(Lines.FirstOf(code)) == Languages.CSharp
            ? Array.FindIndex(Lines.Split(code), line => !string.IsNullOrWhiteSpace(line)) + 1
            : null;

    private static PackageRequest Request(Directive directive, string name)
    {
        try
        {
            return PackageRequest.Parse(directive.Text);
        }
        catch (FormatException e)
        {
            throw Failed("PackageError", e.Message, name, directive.Line);
        }
    }

    private static SubmissionFailedException Failed(string kind, string message, string name, int line) =>
        new(new ErrorOutput(kind, message, [$"at {name}, line {line}"]));
}

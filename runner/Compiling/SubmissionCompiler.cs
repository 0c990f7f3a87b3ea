using System.Collections.Immutable;
using Backprop.Runner.Execution;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace Backprop.Runner.Compiling;

/// <summary>Compiles submissions, each of which sees what those before it declared.</summary>
/// <param name="cache">Remembers what they were compiled to; null when nothing is to be remembered.</param>
internal sealed class SubmissionCompiler(SubmissionCache? cache)
{
    /// <summary>
    /// Is held by whatever uses the compiler: two compilations at once may each have symbols of their own for the framework, and a
    /// later one would mix them.
    /// </summary>
    public Lock Compiling { get; } = new();

    /// <summary>Compiles a submission, or remembers what it was compiled to.</summary>
    /// <param name="submission">The submission.</param>
    /// <param name="options">What it may use.</param>
    /// <param name="previous">The submission that it follows; null when it is the first.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    /// <returns>The submission, and why it does not compile.</returns>
    public (CompiledSubmission? Compiled, ImmutableArray<Diagnostic> Errors) Compile(
        Submission submission, ScriptOptions options, CompiledSubmission? previous, CancellationToken cancellationToken)
    {
        options = options.WithSourceResolver(new LoadedFiles(options.SourceResolver));
        var key = cache is null || previous is { Key: null }
            ? null
            : SubmissionKey.Of(submission, options.MetadataReferences, options.SourceResolver, previous?.Key);
        var compilation = new SubmissionCompilation(
            previous?.Compilation,
            () => ScriptAfter(previous, submission.Name, InterruptionPoints.AddTo(submission.Code), options),
            $"cell {key ?? Guid.NewGuid().ToString()}",
            Compiling);
        if (key is not null && cache!.Read(key) is { } known)
        {
            return (new CompiledSubmission(compilation, key, known, []), []);
        }

        var (image, errors) = compilation.Compile(cancellationToken);
        if (image is null)
        {
            return (null, ErrorsAsWritten(submission, options, previous, cancellationToken));
        }

        if (key is not null)
        {
            cache!.Write(key, image);
        }

        return (new CompiledSubmission(compilation, key, image, [.. compilation.NamedAssemblies]), []);
    }

    /// <summary>A script that sees what a submission and those before it declared.</summary>
    public static Script<object> ScriptAfter(CompiledSubmission? previous, string name, string code, ScriptOptions options)
    {
        var named = options.WithFilePath(name);
        return previous is null ? CSharpScript.Create<object>(code, named) : previous.Compilation.Script.ContinueWith<object>(code, named);
    }

    private ImmutableArray<Diagnostic> ErrorsAsWritten(
        Submission submission, ScriptOptions options, CompiledSubmission? previous, CancellationToken cancellationToken) =>
        new SubmissionCompilation(previous?.Compilation, () => ScriptAfter(previous, submission.Name, submission.Code, options), $"cell {Guid.NewGuid()}", Compiling)
            .Compile(cancellationToken).Errors;
}

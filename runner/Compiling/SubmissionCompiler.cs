using System.Collections.Immutable;
using Backprop.Runner.Execution;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace Backprop.Runner.Compiling;

/// <summary>Compiles submissions, each of which sees the declarations of the earlier ones.</summary>
internal sealed class SubmissionCompiler : IDisposable
{
    private readonly SessionOptions options;
    private readonly CompilationCache? cache;
    private readonly CompilationAhead ahead;

    /// <summary>Creates a compiler.</summary>
    /// <param name="workingDirectory">The folder that paths in <c>#load</c> and <c>#r</c> are relative to.</param>
    /// <param name="cache">The compilation cache; null for none.</param>
    public SubmissionCompiler(string workingDirectory, CompilationCache? cache)
    {
        options = new SessionOptions(workingDirectory);
        this.cache = cache;
        ahead = new CompilationAhead((submission, previous, cancellationToken) =>
        {
            // On one thread, which leaves the other processors to the running cell.
            var files = new LoadedFiles(options.Files);
            return Compile(submission, KeyOf(submission, [], files, previous), files, [], previous, concurrently: false, cancellationToken).Compiled;
        });
    }

    /// <summary>
    /// The lock to hold while using the compiler: two concurrent compilations may each create their own symbols for the framework,
    /// and a later one would mix them up.
    /// </summary>
    public Lock Lock { get; } = new();

    /// <summary>Compiles a submission or takes it from the cache, or from those compiled ahead.</summary>
    /// <param name="submission">The submission.</param>
    /// <param name="assemblies">The paths of the assemblies of the packages that it references.</param>
    /// <param name="previous">The preceding submission; null for the first.</param>
    /// <param name="cancellationToken">Cancels the compilation.</param>
    /// <returns>The compiled submission, or the errors.</returns>
    public (CompiledSubmission? Compiled, ImmutableArray<Diagnostic> Errors) Compile(
        Submission submission, IReadOnlyList<string> assemblies, CompiledSubmission? previous, CancellationToken cancellationToken)
    {
        var files = new LoadedFiles(options.Files);
        var key = KeyOf(submission, assemblies, files, previous);
        return key is not null && ahead.Take(submission, key, cancellationToken) is { } compiled
            ? (compiled, [])
            : Compile(submission, key, files, assemblies, previous, concurrently: true, cancellationToken);
    }

    /// <summary>Starts to compile the submissions that are expected to follow a submission, while that one runs.</summary>
    /// <param name="compiled">The submission.</param>
    /// <param name="expected">The submissions that follow it. They must not reference packages or assemblies.</param>
    public void CompileAhead(CompiledSubmission compiled, IEnumerable<Submission> expected) => ahead.Start(compiled, expected);

    /// <summary>Creates an empty script that sees the declarations of a submission and those before it, in place of the cell being edited.</summary>
    /// <param name="previous">The submission; null for none.</param>
    /// <param name="assemblies">The paths of further assemblies of packages.</param>
    public Script<object> EmptyAfter(CompiledSubmission? previous, IReadOnlyList<string> assemblies) =>
        ScriptAfter(previous, "", "", options.Create(previous is null, assemblies, options.Files));

    /// <inheritdoc/>
    public void Dispose() => ahead.Dispose();

    private (CompiledSubmission? Compiled, ImmutableArray<Diagnostic> Errors) Compile(
        Submission submission, string? key, LoadedFiles files, IReadOnlyList<string> assemblies, CompiledSubmission? previous, bool concurrently, CancellationToken cancellationToken)
    {
        var ownOptions = new Lazy<ScriptOptions>(() => options.Create(previous is null, assemblies, files));
        var compilation = new SubmissionCompilation(
            previous?.Compilation,
            () => ScriptAfter(previous, submission.Name, InterruptionPoints.AddTo(submission.Code), ownOptions.Value),
            $"cell {key ?? Guid.NewGuid().ToString()}",
            Lock,
            concurrently);
        if (key is not null && cache!.Read(key) is { } cached)
        {
            return (new CompiledSubmission(compilation, key, cached, []), []);
        }

        using var alone = Lock.EnterScope();
        var (image, errors) = compilation.Compile(cancellationToken);
        if (image is null)
        {
            return (null, ErrorsInSource(submission, ownOptions.Value, previous, cancellationToken));
        }

        if (key is not null)
        {
            cache!.Write(key, image);
        }

        return (new CompiledSubmission(compilation, key, image, [.. compilation.ReferencedAssemblies]), []);
    }

    private string? KeyOf(Submission submission, IReadOnlyList<string> assemblies, LoadedFiles files, CompiledSubmission? previous) =>
        cache is null || previous is { Key: null }
            ? null
            : SubmissionKey.Of(submission, SessionOptions.ReferencesOf(previous is null, assemblies), files, previous?.Key);

    private static Script<object> ScriptAfter(CompiledSubmission? previous, string name, string code, ScriptOptions options)
    {
        options = options.WithFilePath(name);
        return previous is null ? CSharpScript.Create<object>(code, options) : previous.Compilation.Script.ContinueWith<object>(code, options);
    }

    // Compiled again without interruption points, so that columns and quoted lines are those of the cell.
    private ImmutableArray<Diagnostic> ErrorsInSource(
        Submission submission, ScriptOptions options, CompiledSubmission? previous, CancellationToken cancellationToken) =>
        new SubmissionCompilation(previous?.Compilation, () => ScriptAfter(previous, submission.Name, submission.Code, options), $"cell {Guid.NewGuid()}", Lock, concurrently: true)
            .Compile(cancellationToken).Errors;
}

using Backprop.Runner.Execution;

namespace Backprop.Runner.Compiling;

/// <summary>Compiles the submissions that are expected next while earlier ones run.</summary>
/// <param name="compile">Compiles a submission after another; returns null if it has errors.</param>
internal sealed class CompilationAhead(Func<Submission, CompiledSubmission, CancellationToken, CompiledSubmission?> compile) : IDisposable
{
    private readonly Dictionary<Submission, Task<CompiledSubmission?>> compilations = [];
    private CancellationTokenSource stop = new();
    private CompiledSubmission? taken;

    /// <summary>Starts to compile submissions one after another, unless this is already happening.</summary>
    /// <param name="previous">The submission before the first. If it was in the compilation cache, the others probably are, too, and nothing happens.</param>
    /// <param name="submissions">The submissions. They must not reference packages or assemblies.</param>
    public void Start(CompiledSubmission previous, IEnumerable<Submission> submissions)
    {
        if (ReferenceEquals(previous, taken) || !previous.Compilation.IsEmitted)
        {
            return;
        }

        Stop();
        stop = new CancellationTokenSource();
        var last = Task.FromResult<CompiledSubmission?>(previous);
        foreach (var submission in submissions)
        {
            compilations[submission] = last = CompileAfterAsync(last, submission, stop.Token);
        }
    }

    /// <summary>Waits for a submission that is being compiled.</summary>
    /// <param name="submission">The submission.</param>
    /// <param name="key">Its key now: it is compiled again if the submissions before it or a file that it loads have changed.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The compiled submission; null if it was not expected, has changed, or has errors.</returns>
    public CompiledSubmission? Take(Submission submission, string key, CancellationToken cancellationToken)
    {
        if (!compilations.Remove(submission, out var compilation))
        {
            return null;
        }

        Task.WhenAny(compilation).Wait(cancellationToken);
        return compilation.IsCompletedSuccessfully && compilation.Result?.Key == key ? taken = compilation.Result : null;
    }

    /// <inheritdoc/>
    public void Dispose() => Stop();

    private void Stop()
    {
        stop.Cancel();
        stop.Dispose();
        compilations.Clear();
    }

    private async Task<CompiledSubmission?> CompileAfterAsync(Task<CompiledSubmission?> previous, Submission submission, CancellationToken cancellationToken) =>
        await previous is { Key: not null } before ? await Task.Run(() => compile(submission, before, cancellationToken), cancellationToken) : null;
}

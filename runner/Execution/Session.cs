using Backprop.Runner.Compiling;
using Backprop.Runner.Editing;
using Backprop.Runner.Hosting;
using Backprop.Runner.Outputs;
using Backprop.Runner.Packages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;

namespace Backprop.Runner.Execution;

/// <summary>
/// Executes pieces of C# one after another, each of which sees the declarations of the earlier ones, as cells of a notebook do.
/// </summary>
/// <remarks>
/// Built on Roslyn scripting with the defaults of .NET Interactive (imports, trailing expressions, <c>#load</c>, <c>#r</c>). The code
/// runs in a kernel of .NET Interactive, which provides <c>display</c>, formatters and extensions. The listener receives the outputs in
/// order, while the code runs.
/// If the environment variable <c>BACKPROP_PACKAGES</c> names a folder, packages come from there; see <see cref="PackageFolder"/>.
/// </remarks>
public sealed class Session : IDisposable
{
    private static readonly AsyncLocal<Session?> Ambient = new();
    private static readonly TimeSpan InterruptGracePeriod = TimeSpan.FromSeconds(1);

    private readonly SessionThread thread = new();
    private readonly Lock publishing = new();
    private readonly Action<CellOutput> listener;
    private readonly string workingDirectory;
    private readonly PackageSet packages;
    private readonly SubmissionAssemblies assemblies = new();
    private readonly Lazy<SubmissionCompiler> compiler;
    private readonly Lazy<LanguageService> languageService = new(() => new LanguageService());
    private readonly Lazy<InteractiveHost> host;

    // The id of the display that shows the progress of a restore.
    private string? progress;

    // The paths of the assemblies that the next submission adds to the session.
    private IReadOnlyList<string> addedAssemblies = [];
    private IReadOnlyList<Submission> expected = [];
    private CompiledSubmission? last;
    private object?[] submissions = [null];

    /// <summary>Creates a session.</summary>
    /// <param name="workingDirectory">The folder that paths in <c>#load</c> and <c>#r</c> are relative to. It becomes the working directory of the process.</param>
    /// <param name="listener">Receives every output, one at a time.</param>
    public Session(string workingDirectory, Action<CellOutput> listener)
    {
        this.listener = listener;
        this.workingDirectory = Path.GetFullPath(workingDirectory);
        packages = new PackageSet(this.workingDirectory, ShowProgress);
        compiler = new Lazy<SubmissionCompiler>(() => new SubmissionCompiler(this.workingDirectory, CompilationCacheFolder is null ? null : new CompilationCache(CompilationCacheFolder)));
        host = new Lazy<InteractiveHost>(() => new InteractiveHost(Publish, ExecuteSubmittedAsync, ReadLine));
        Directory.SetCurrentDirectory(this.workingDirectory);

        // The first command of a kernel is slow. This warm-up mostly overlaps with compiling the first cell.
        SessionConsole.Install();
        _ = Task.Run(() => Host.RunAsync(_ => Task.CompletedTask));
    }

    /// <summary>The names and versions of the packages in use, including dependencies.</summary>
    public IReadOnlyList<string> Packages => packages.Names;

    /// <summary>The session whose code is the caller; null if there is none.</summary>
    internal static Session? Running => Ambient.Value;

    /// <summary>The session whose code is the caller.</summary>
    /// <exception cref="InvalidOperationException">The caller is not the code of a session.</exception>
    internal static Session Current =>
        Running ?? throw new InvalidOperationException("Only code that runs in a notebook session can change its outputs.");

    /// <summary>The kernels of .NET Interactive that run the session's code.</summary>
    internal InteractiveHost Host => host.Value;

    /// <summary>
    /// Prompts for a line of input when code reads from the console. Reading fails when this is null or returns null, because there is
    /// nobody to prompt.
    /// </summary>
    public Func<string?>? Input { get; init; }

    /// <summary>
    /// The folder of the compilation cache; null for none. Anyone who can write to it can run code as this user.
    /// </summary>
    public string? CompilationCacheFolder { get; init; }

    private Script<object> Next => compiler.Value.EmptyAfter(last, addedAssemblies);

    /// <summary>Executes code. A failure is an output like any other, and the session remains usable.</summary>
    /// <param name="submission">The code.</param>
    /// <param name="cancellationToken">
    /// Interrupts the code in its loops, functions and waits. A call into a library is interrupted only when it returns.
    /// </param>
    /// <returns>Whether the code completed.</returns>
    /// <exception cref="OperationCanceledException">The code was interrupted. The session remains usable.</exception>
    public async Task<bool> RunAsync(Submission submission, CancellationToken cancellationToken = default)
    {
        try
        {
            SessionConsole.Install();
            var source = SubmissionSource.Parse(submission);
            var extensions = await AddPackagesAsync(source, cancellationToken);
            await Host.RunAsync(async context =>
            {
                await Host.LoadExtensionsAsync(extensions, assemblies.LoadRegistered, context);
                await thread.RunAsync(() => ExecuteAsync(source, context.Command, context, cancellationToken));
            });
            return true;
        }
        catch (SubmissionFailedException e)
        {
            Publish(e.Error);
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Formatting a value runs its own code, which may throw, too.
            Publish(ErrorText.Of(e, workingDirectory));
            return false;
        }
    }

    /// <summary>Announces the submissions that will probably run, in order, so that they are compiled while earlier ones run.</summary>
    public void Expect(IReadOnlyList<Submission> submissions) => expected = submissions;

    /// <summary>
    /// Warms up the compiler: compiles the submissions that came from the compilation cache, so that the next new one does not have to
    /// wait for it.
    /// </summary>
    public Task WarmUpCompilerAsync() => Task.Run(() => last?.Compilation.EnsureEmitted(CancellationToken.None));

    /// <summary>Returns the completions at a position in a cell. They include the declarations of all cells that have finished.</summary>
    /// <param name="code">The code of the cell so far.</param>
    /// <param name="position">The cursor position, in UTF-16 code units.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="ArgumentOutOfRangeException">The position is outside the code.</exception>
    public Task<CompletionList> CompleteAsync(string code, int position, CancellationToken cancellationToken = default) =>
        RequestAsync(service => service.CompleteAsync(Next, code, position, cancellationToken), cancellationToken);

    /// <summary>Describes the name at a position in a cell, or else the function whose argument list contains the position.</summary>
    /// <returns>The description; null when there is none.</returns>
    /// <inheritdoc cref="CompleteAsync"/>
    public Task<QuickInfo?> InspectAsync(string code, int position, CancellationToken cancellationToken = default) =>
        RequestAsync(service => service.InspectAsync(Next, code, position, cancellationToken), cancellationToken);

    /// <summary>Warms up <see cref="CompleteAsync"/> and <see cref="InspectAsync"/>, whose first call otherwise takes seconds.</summary>
    /// <remarks>Runs after <see cref="WarmUpCompilerAsync"/>, which the next cell needs first.</remarks>
    public async Task WarmUpLanguageServiceAsync()
    {
        await WarmUpCompilerAsync();
        await RequestAsync(service => service.CompleteAsync(Next, "", 0, CancellationToken.None), CancellationToken.None);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        thread.Dispose();
        if (compiler.IsValueCreated)
        {
            compiler.Value.Dispose();
        }

        if (host.IsValueCreated)
        {
            host.Value.Dispose();
        }
    }

    internal void Publish(CellOutput output)
    {
        lock (publishing)
        {
            listener(output);
        }
    }

    internal string? ReadLine() =>
        Input?.Invoke() ?? throw new InvalidOperationException("The cell reads input, but this run is not interactive. Write the value into the cell instead.");

    // Loading the language service takes long, so it happens outside the lock and delays no cell.
    private Task<T> RequestAsync<T>(Func<LanguageService, Task<T>> request, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            await languageService.Value.Loaded;
            lock (compiler.Value.Lock)
            {
                return request(languageService.Value).GetAwaiter().GetResult();
            }
        },
        cancellationToken);

    // Runs in the middle of a cell, whose thread may be waiting for it.
    private async Task ExecuteSubmittedAsync(SubmitCode command, KernelInvocationContext context)
    {
        var source = SubmissionSource.Parse(new Submission("submitted code", command.Code));
        await Host.LoadExtensionsAsync(await AddPackagesAsync(source, CancellationToken.None), assemblies.LoadRegistered, context);
        await ExecuteAsync(source, command, context, CancellationToken.None);
    }

    private async Task ExecuteAsync(SubmissionSource source, KernelCommand command, KernelInvocationContext context, CancellationToken cancellationToken)
    {
        Ambient.Value = this;
        SessionConsole.Install();
        var submission = Compile(source, cancellationToken);
        compiler.Value.CompileAhead(submission, ExpectedAfter(source.Name));
        var run = assemblies.Load(submission);
        object?[] withThis = [.. submissions, null];
        var (value, failure) = await RunAsync(() => run(withThis), cancellationToken);
        (last, submissions) = (submission, withThis);
        addedAssemblies = [];
        SessionConsole.FlushPending();
        if (failure is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new SubmissionFailedException(ErrorText.Of(failure, workingDirectory));
        }

        if (submission.Image.EndsInValue)
        {
            context.Publish(new ReturnValueProduced(value, command, ValueFormat.Preferred(value)));
        }
    }

    private static async Task<(object? Value, Exception? Failure)> RunAsync(Func<Task<object?>> run, CancellationToken cancellationToken)
    {
        var running = Interruption.Begin(() => CatchAsync(run), cancellationToken);
        try
        {
            return await running.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!running.IsCompleted)
        {
            Interruption.Request();
            await Task.WhenAny(running, Task.Delay(InterruptGracePeriod, CancellationToken.None));
            return running.IsCompleted ? await running : throw new OperationCanceledException(cancellationToken);
        }
    }

    private static async Task<(object? Value, Exception? Failure)> CatchAsync(Func<Task<object?>> run)
    {
        try
        {
            return (await run(), null);
        }
        catch (Exception e)
        {
            return (null, e);
        }
    }

    private CompiledSubmission Compile(SubmissionSource source, CancellationToken cancellationToken)
    {
        var (submission, errors) = compiler.Value.Compile(new Submission(source.Name, source.Code), addedAssemblies, last, cancellationToken);
        return submission ?? throw new SubmissionFailedException(ErrorText.Of(errors, workingDirectory));
    }

    // Up to the first submission that references packages, which have to be restored before it can be compiled.
    private IEnumerable<Submission> ExpectedAfter(string name) => expected
        .SkipWhile(submission => submission.Name != name)
        .Skip(1)
        .TakeWhile(submission => Directives.Of(submission.Code).All(directive => directive.Kind == DirectiveKind.Load));

    // Adds the packages that the code references, and returns the .NET Interactive extensions among them.
    private async Task<IReadOnlyList<string>> AddPackagesAsync(SubmissionSource source, CancellationToken cancellationToken)
    {
        if (source.Packages.Count == 0)
        {
            return [];
        }

        try
        {
            var added = await packages.AddAsync(source.Packages, cancellationToken);
            foreach (var path in added.Assemblies)
            {
                assemblies.Register(Path.GetFileNameWithoutExtension(path), path);
            }

            addedAssemblies = [.. addedAssemblies, .. added.Assemblies.Where(path => !HostReferences.Include(path))];
            return added.Extensions;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var locations = source.PackageLines.Select(line => $"at {source.Name}, line {line}");
            throw new SubmissionFailedException(new ErrorOutput("PackageError", e.Message, [.. locations]));
        }
        finally
        {
            ClearProgress();
        }
    }

    private void ShowProgress(string text)
    {
        // Clearing it would also clear what a cell has shown that submits code which references packages.
        if (Running is not null)
        {
            return;
        }

        var data = new Dictionary<string, string> { ["text/plain"] = text };
        if (progress is not null)
        {
            Publish(new ValueUpdate(data, progress));
            return;
        }

        progress = Guid.NewGuid().ToString("N");
        Publish(new ValueOutput(data, progress, IsResult: false));
    }

    // A saved notebook does not contain it.
    private void ClearProgress()
    {
        if (progress is not null)
        {
            progress = null;
            Publish(new OutputsCleared(Wait: false));
        }
    }
}

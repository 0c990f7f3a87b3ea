using System.Text;
using Backprop.Runner.Compiling;
using Backprop.Runner.Editing;
using Backprop.Runner.Hosting;
using Backprop.Runner.Outputs;
using Backprop.Runner.Packages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;

namespace Backprop.Runner.Execution;

/// <summary>
/// Executes pieces of C# one after another, each seeing what those before it declared, as the cells of a notebook do.
/// </summary>
/// <remarks>
/// Built on Roslyn scripting with .NET Interactive's defaults (imports, trailing expressions, <c>#load</c>, <c>#r</c>), and run by a kernel
/// of .NET Interactive's, whose <c>display</c>, formatters and extensions are therefore its own. What happens is told to the listener in
/// order, while the code runs.
/// Where the environment variable <c>BACKPROP_PACKAGES</c> names a folder, packages are taken from it, see <see cref="PackageFolder"/>.
/// </remarks>
public sealed class Session : IDisposable
{
    private static readonly AsyncLocal<Session?> Ambient = new();
    private static readonly TimeSpan EndOfInterrupted = TimeSpan.FromSeconds(1);

    private static readonly string[] Imports =
    [
        "System",
        "System.Text",
        "System.Collections",
        "System.Collections.Generic",
        "System.Threading.Tasks",
        "System.Linq",
        "Microsoft.DotNet.Interactive.Kernel",
        "Backprop.Runner.Hosting.CellOutputs",
    ];

    private readonly SessionThread thread = new();
    private readonly Lock publishing = new();
    private readonly Action<CellOutput> listener;
    private readonly string workingDirectory;
    private readonly PackageSet packages;
    private readonly SubmissionAssemblies assemblies = new();
    private readonly Lazy<SubmissionCompiler> compiler;
    private readonly Lazy<CodeHelp> help = new(() => new CodeHelp());
    private readonly Lazy<InteractiveHost> host;

    // What the next submission brings along; those after it inherit its imports and references.
    private ScriptOptions options;
    private CompiledSubmission? last;
    private object?[] submissions = [null];

    /// <summary>Opens a session.</summary>
    /// <param name="workingDirectory">The folder that <c>#load</c> and <c>#r</c> count from; it becomes the process's current folder.</param>
    /// <param name="listener">Is told every output, one at a time.</param>
    public Session(string workingDirectory, Action<CellOutput> listener)
    {
        this.listener = listener;
        this.workingDirectory = Path.GetFullPath(workingDirectory);
        packages = new PackageSet(this.workingDirectory);
        compiler = new Lazy<SubmissionCompiler>(() => new SubmissionCompiler(CompiledFolder is null ? null : new SubmissionCache(CompiledFolder)));
        host = new Lazy<InteractiveHost>(() => new InteractiveHost(Publish, ExecuteSubmittedAsync, ReadLine));
        Directory.SetCurrentDirectory(this.workingDirectory);
        options = ScriptOptions.Default
            .WithLanguageVersion(LanguageVersion.Latest)
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithFileEncoding(Encoding.UTF8)
            .WithImports(Imports)
            .WithReferences(HostReferences.All)
            .WithMetadataResolver(new ReferenceResolver(this.workingDirectory))
            .WithSourceResolver(ScriptSourceResolver.Default.WithBaseDirectory(this.workingDirectory));

        // The first command takes its time, most of which passes beside what the first cell needs before it runs.
        SessionConsole.Install();
        _ = Task.Run(() => Host.RunAsync(_ => Task.CompletedTask));
    }

    /// <summary>The names and versions of the packages in use, those asked for and those they depend on.</summary>
    public IReadOnlyList<string> Packages => packages.Names;

    /// <summary>The session whose code is running here; null outside of any.</summary>
    internal static Session? Running => Ambient.Value;

    /// <summary>The session whose code is running here.</summary>
    /// <exception cref="InvalidOperationException">No session's code is running here.</exception>
    internal static Session Current =>
        Running ?? throw new InvalidOperationException("Outputs can be changed only by code that a notebook session runs.");

    /// <summary>The session as .NET Interactive has it.</summary>
    internal InteractiveHost Host => host.Value;

    /// <summary>
    /// Asks whoever runs the session for a line of text, when its code reads from the console. Where nobody can be asked, and it
    /// gives null or is null, reading fails.
    /// </summary>
    public Func<string?>? Input { get; init; }

    /// <summary>
    /// The folder in which it is remembered what code was compiled to, so that the same code is not compiled again in later sessions;
    /// null when nothing is to be remembered. Whoever can write there can run what they like as this user.
    /// </summary>
    public string? CompiledFolder { get; init; }

    // An empty script in the place of the cell that is being typed.
    private Script<object> Next => SubmissionCompiler.ScriptAfter(last, "", "", options);

    /// <summary>Executes a piece of code; its failure is an output like any other, and the session stays usable.</summary>
    /// <param name="submission">The code.</param>
    /// <param name="cancellationToken">
    /// Interrupts the code: its loops, its functions and its waits. Other people's code is waited for.
    /// </param>
    /// <returns>Whether it ran to its end.</returns>
    /// <exception cref="OperationCanceledException">It was interrupted; the session stays usable.</exception>
    public async Task<bool> RunAsync(Submission submission, CancellationToken cancellationToken = default)
    {
        try
        {
            SessionConsole.Install();
            var source = SubmissionSource.Parse(submission);
            var extensions = await AddPackagesAsync(source, cancellationToken);
            await Host.RunAsync(async context =>
            {
                await Host.LoadExtensionsAsync(extensions, assemblies.LoadKnown, context);
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
            // A value shows itself by its own code, which may fail as any other.
            Publish(ErrorText.Of(e, workingDirectory));
            return false;
        }
    }

    /// <summary>
    /// Compiles what ran and was remembered from earlier sessions, so that code which is new need not wait for that.
    /// </summary>
    public Task PrepareAsync() => Task.Run(() => last?.Compilation.Prepare(CancellationToken.None));

    /// <summary>What can be typed at a place in a cell, seeing all that ran so far; a cell that is running has not run yet.</summary>
    /// <param name="code">The cell's code, as far as it is typed.</param>
    /// <param name="position">The place in it, in UTF-16 units.</param>
    /// <param name="cancellationToken">Calls the search off.</param>
    /// <exception cref="ArgumentOutOfRangeException">The place is not in the code.</exception>
    public Task<CompletionList> CompleteAsync(string code, int position, CancellationToken cancellationToken = default) =>
        HelpAsync(help => help.CompleteAsync(Next, code, position, cancellationToken), cancellationToken);

    /// <summary>What is to be said of the name at a place in a cell, or else of the function between whose parentheses the place is.</summary>
    /// <returns>Null where there is nothing to be said.</returns>
    /// <inheritdoc cref="CompleteAsync"/>
    public Task<QuickInfo?> InspectAsync(string code, int position, CancellationToken cancellationToken = default) =>
        HelpAsync(help => help.InspectAsync(Next, code, position, cancellationToken), cancellationToken);

    /// <summary>Makes ready for <see cref="CompleteAsync"/> and <see cref="InspectAsync"/>, which otherwise takes seconds when they are first used.</summary>
    /// <remarks>It begins when <see cref="PrepareAsync"/> is done, for which the next cell waits.</remarks>
    public async Task PrepareHelpAsync()
    {
        await PrepareAsync();
        await HelpAsync(help => help.CompleteAsync(Next, "", 0, CancellationToken.None), CancellationToken.None);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        thread.Dispose();
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
        Input?.Invoke() ?? throw new InvalidOperationException("The cell waits for input, and there is nobody to ask in a run. Write the value into the cell instead.");

    // What Roslyn has for editors is loaded first, which takes long and holds up no cell.
    private Task<T> HelpAsync<T>(Func<CodeHelp, Task<T>> ask, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            await help.Value.Loaded;
            lock (compiler.Value.Compiling)
            {
                return ask(help.Value).GetAwaiter().GetResult();
            }
        },
        cancellationToken);

    // While a cell runs, whose thread may wait for this.
    private async Task ExecuteSubmittedAsync(SubmitCode command, KernelInvocationContext context)
    {
        var source = SubmissionSource.Parse(new Submission("submitted code", command.Code));
        await Host.LoadExtensionsAsync(await AddPackagesAsync(source, CancellationToken.None), assemblies.LoadKnown, context);
        await ExecuteAsync(source, command, context, CancellationToken.None);
    }

    private async Task ExecuteAsync(SubmissionSource source, KernelCommand command, KernelInvocationContext context, CancellationToken cancellationToken)
    {
        Ambient.Value = this;
        SessionConsole.Install();
        var submission = Compile(source, cancellationToken);
        var run = assemblies.Load(submission);
        object?[] ran = [.. submissions, null];
        var (value, failure) = await RunAsync(() => run(ran), cancellationToken);
        (last, submissions) = (submission, ran);
        options = options.WithImports().WithReferences(Array.Empty<MetadataReference>());
        SessionConsole.EndOfCell();
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
            await Task.WhenAny(running, Task.Delay(EndOfInterrupted, CancellationToken.None));
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
        var (submission, errors) = compiler.Value.Compile(new Submission(source.Name, source.Code), options, last, cancellationToken);
        return submission ?? throw new SubmissionFailedException(ErrorText.Of(errors, workingDirectory));
    }

    // What extends .NET Interactive among the packages that the code asks for, which are then in use.
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
                assemblies.Know(Path.GetFileNameWithoutExtension(path), path);
            }

            options = options.AddReferences(added.Assemblies.Where(path => !HostReferences.Have(path)).Select(path => References.To(path)));
            return added.Extensions;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var places = source.PackageLines.Select(line => $"at {source.Name}, line {line}");
            throw new SubmissionFailedException(new ErrorOutput("PackageError", e.Message, [.. places]));
        }
    }
}

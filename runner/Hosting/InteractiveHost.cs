using System.Reflection;
using System.Runtime.ExceptionServices;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace Backprop.Runner.Hosting;

/// <summary>
/// A session as .NET Interactive has it: a kernel for C# in a composite kernel, so that packages which were made for .NET Interactive
/// find what they look for.
/// </summary>
internal sealed class InteractiveHost : IDisposable
{
    private readonly SessionKernel kernel;
    private readonly CompositeKernel root;
    private readonly KernelOutputs outputs;

    static InteractiveHost() => Formatter.SubscribeToDisplayedValues(ShowLate);

    /// <summary>Makes the kernels.</summary>
    /// <param name="listener">Is told what they show.</param>
    /// <param name="execute">Executes code that is submitted while a cell runs.</param>
    /// <param name="readLine">Asks for a line of text.</param>
    public InteractiveHost(Action<CellOutput> listener, Func<SubmitCode, KernelInvocationContext, Task> execute, Func<string?> readLine)
    {
        outputs = new KernelOutputs(listener);
        kernel = new SessionKernel(execute, readLine);
        root = new CompositeKernel { kernel };
        root.DefaultKernelName = kernel.Name;
        root.KernelEvents.Subscribe(outputs);
    }

    /// <summary>The kernel that contains the others.</summary>
    public Kernel Root => root;

    /// <summary>Runs a cell as a command of the kernel; it fails as the cell does.</summary>
    /// <exception cref="SubmissionFailedException">The cell, or something that it called, said that the command has failed.</exception>
    public async Task RunAsync(Func<KernelInvocationContext, Task> cell)
    {
        ExceptionDispatchInfo? failure = null;
        var result = await root.SendAsync(new CellCommand(kernel.Name, async (command, context) =>
        {
            try
            {
                await cell(context);
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
                context.Fail(command, e);
            }
        }));
        failure?.Throw();
        if (result.Events.OfType<CommandFailed>().FirstOrDefault() is { } failed)
        {
            throw new SubmissionFailedException(new ErrorOutput(failed.Exception?.GetType().ToString() ?? "Error", failed.Message, []));
        }
    }

    /// <summary>Loads what extends .NET Interactive.</summary>
    /// <param name="extensions">The paths of assemblies and notebooks.</param>
    /// <param name="load">Loads an assembly.</param>
    /// <param name="context">The command that brings them.</param>
    /// <exception cref="SubmissionFailedException">An extension cannot be loaded.</exception>
    public async Task LoadExtensionsAsync(IReadOnlyList<string> extensions, Func<string, Assembly> load, KernelInvocationContext context)
    {
        foreach (var path in extensions)
        {
            try
            {
                await (path.EndsWith(".dib", StringComparison.OrdinalIgnoreCase)
                    ? root.LoadAndRunInteractiveDocument(new FileInfo(path), context.Command)
                    : LoadAsync(load(path)));
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new SubmissionFailedException(new ErrorOutput("ExtensionError", $"{Path.GetFileName(path)}, which extends .NET Interactive, cannot be loaded: {e.Message}", []));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => root.Dispose();

    private async Task LoadAsync(Assembly assembly)
    {
        foreach (var type in assembly.ExportedTypes.Where(type => !type.IsAbstract && typeof(IKernelExtension).IsAssignableFrom(type)))
        {
            await ((IKernelExtension)Activator.CreateInstance(type)!).OnLoadAsync(root);
        }
    }

    // What the kernel is told when a cell has ended it no longer shows.
    private static void ShowLate(DisplayedValue displayed)
    {
        if (KernelInvocationContext.Current is { IsComplete: true } && Session.Running is { } session)
        {
            session.Host.outputs.ShowLate(displayed);
        }
    }
}

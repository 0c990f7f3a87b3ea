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
/// Presents a session as .NET Interactive would: as a C# kernel in a composite kernel, so that packages made for .NET Interactive
/// work.
/// </summary>
internal sealed class InteractiveHost : IDisposable
{
    private readonly SessionKernel kernel;
    private readonly CompositeKernel root;
    private readonly KernelOutputs outputs;

    static InteractiveHost() => Formatter.SubscribeToDisplayedValues(ShowLate);

    /// <summary>Creates the kernels.</summary>
    /// <param name="listener">Receives their outputs.</param>
    /// <param name="execute">Executes code that is submitted while a cell runs.</param>
    /// <param name="readLine">Prompts for a line of input.</param>
    public InteractiveHost(Action<CellOutput> listener, Func<SubmitCode, KernelInvocationContext, Task> execute, Func<string?> readLine)
    {
        outputs = new KernelOutputs(listener);
        kernel = new SessionKernel(execute, readLine);
        root = new CompositeKernel { kernel };
        root.DefaultKernelName = kernel.Name;
        root.KernelEvents.Subscribe(outputs);
    }

    /// <summary>The composite kernel.</summary>
    public Kernel Root => root;

    /// <summary>Runs a cell as a kernel command. Exceptions of the cell are rethrown.</summary>
    /// <exception cref="SubmissionFailedException">The cell, or code that it called, failed the command without an exception.</exception>
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

    /// <summary>Loads .NET Interactive extensions.</summary>
    /// <param name="extensions">The paths of assemblies and <c>extension.dib</c> files.</param>
    /// <param name="load">Loads an assembly.</param>
    /// <param name="context">The context of the command that references them.</param>
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
                throw new SubmissionFailedException(new ErrorOutput("ExtensionError", $"The .NET Interactive extension {Path.GetFileName(path)} cannot be loaded: {e.Message}", []));
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

    // A kernel no longer publishes what code displays after its cell has finished.
    private static void ShowLate(DisplayedValue displayed)
    {
        if (KernelInvocationContext.Current is { IsComplete: true } && Session.Running is { } session)
        {
            session.Host.outputs.ShowLate(displayed);
        }
    }
}

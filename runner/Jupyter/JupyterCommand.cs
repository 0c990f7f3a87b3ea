using System.CommandLine;
using System.Runtime.InteropServices;
using Backprop.Runner.Execution;
using Backprop.Runner.Jupyter.Installation;

namespace Backprop.Runner.Jupyter;

/// <summary>The <c>jupyter</c> command.</summary>
internal static class JupyterCommand
{
    private static readonly Argument<string> ConnectionPath = new("CONNECTION_FILE")
    {
        Description = "The connection file, in which Jupyter tells the kernel where to listen.",
    };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var run = new Command("run", "Runs the kernel. Jupyter does this when it opens a notebook.") { ConnectionPath };
        run.SetAction(RunAsync);
        return new Command("jupyter", "Lets Jupyter run C# notebooks.") { InstallCommand.Install(), InstallCommand.Uninstall(), run };
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        try
        {
            var connection = ConnectionFile.Read(arguments.GetValue(ConnectionPath)!);
            using var kernel = new Kernel(connection, ".");
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
            {
                signal.Cancel = true;
                _ = kernel.InterruptAsync();
            });
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var first = await Task.WhenAny(kernel.RunAsync(end.Token), ParentProcess.WaitForEndAsync(end.Token));
            await end.CancelAsync();
            await first;
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
        catch (JupyterException e)
        {
            Console.Error.WriteLine(e.Message);
            return (int)RunOutcome.Error;
        }
    }
}

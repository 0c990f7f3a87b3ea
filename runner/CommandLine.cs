using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Backprop.Runner.Documents;
using Backprop.Runner.Execution;
using Backprop.Runner.Jupyter;
using Backprop.Runner.Reports;
using Spectre.Console;

namespace Backprop.Runner;

/// <summary>The command line: which notebook to run, and where to write its outputs.</summary>
internal static class CommandLine
{
    // Time for the cell to clean up and for the partial reports to be written.
    private static readonly TimeSpan CancellationGracePeriod = TimeSpan.FromMinutes(1);

    private static readonly Argument<string?> File = new("FILE")
    {
        Description = "The notebook, a .dib or .ipynb file. Default: the only notebook in the current folder.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Output = new("--output")
    {
        Description = "Write the notebook with its outputs to this .ipynb file.",
        HelpName = "X.ipynb",
    };

    private static readonly Option<string?> Html = new("--html")
    {
        Description = "Write a report to this HTML file. Without --output and --html, both files are written to the folder 'out'.",
        HelpName = "X.html",
    };

    private static readonly Option<bool> KeepGoing = new("--keep-going")
    {
        Description = "Continue after a cell that fails.",
    };

    private static readonly Option<double?> Timeout = new("--timeout")
    {
        Description = "The time limit for each cell.",
        HelpName = "SECONDS",
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e6)
            {
                return seconds;
            }

            result.AddError($"--timeout {text}: give a number of seconds above 0 and below 1,000,000.");
            return null;
        },
    };

    /// <summary>Parses the arguments and runs the command that they name.</summary>
    /// <returns>The exit code; see <see cref="RunOutcome"/>.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var command = new RootCommand("Runs a C# notebook cell by cell and shows the outputs. Running a notebook runs its code.")
        {
            File, Output, Html, KeepGoing, Timeout, JupyterCommand.Create(),
        };
        command.SetAction(RunNotebookAsync);

        var arguments = command.Parse(args);
        if (arguments.Errors.Count > 0)
        {
            return Fail(string.Join('\n', arguments.Errors.Select(error => error.Message)) + "\nSee --help.");
        }

        // Closing the terminal cancels the run, as Ctrl+C does.
        using var hungUp = new CancellationTokenSource();
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            hungUp.Cancel();
        });
        return await arguments.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = CancellationGracePeriod }, hungUp.Token);
    }

    private static async Task<int> RunNotebookAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        try
        {
            var file = Path.GetFullPath(arguments.GetValue(File) ?? NotebookFile.FindIn("."), Environment.CurrentDirectory);
            var reports = ReportPaths.From(arguments.GetValue(Output), arguments.GetValue(Html), file);
            return (int)await RunNotebookAsync(file, reports, arguments, cancellationToken);
        }
        catch (NotebookException e)
        {
            return Fail(e.Message);
        }
    }

    private static async Task<RunOutcome> RunNotebookAsync(
        string file, ReportPaths reports, ParseResult arguments, CancellationToken cancellationToken)
    {
        var notebook = NotebookFile.Read(file);
        reports.RequireWritable();
        var page = reports.Page(notebook);
        var record = new RunRecord();
        var terminal = new TerminalReport(AnsiConsole.Console, notebook.Cells.Count);
        var run = new NotebookRun(notebook, Path.GetDirectoryName(file)!, [terminal, record])
        {
            KeepGoing = arguments.GetValue(KeepGoing),
            Timeout = arguments.GetValue(Timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : System.Threading.Timeout.InfiniteTimeSpan,
        };

        var outcome = await run.ExecuteAsync(cancellationToken);
        if (record.Cells.Count == notebook.Cells.Count && (outcome == RunOutcome.Completed || run.KeepGoing))
        {
            reports.Write(notebook, page, record.Cells, run.Packages);
            reports.Partial.Delete();
        }
        else
        {
            var notRun = notebook.Cells.Skip(record.Cells.Count).Select(cell => new ExecutedCell(cell, null, [], TimeSpan.Zero));
            reports.Partial.Write(notebook, page, [.. record.Cells, .. notRun], run.Packages);
            Console.Error.WriteLine($"The run did not finish. The outputs so far are in {reports.Partial}; {reports} was not written.");
        }

        return terminal.Failure is { } failure ? throw new NotebookException($"The outputs could not be written to the terminal: {failure}") : outcome;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return (int)RunOutcome.Error;
    }
}

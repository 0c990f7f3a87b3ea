using System.Diagnostics;
using System.Globalization;
using Backprop.Runner.Documents;
using Backprop.Runner.Outputs;
using Backprop.Runner.Workers;

namespace Backprop.Runner.Execution;

/// <summary>Runs a notebook from its first cell to its last.</summary>
/// <param name="notebook">The notebook.</param>
/// <param name="workingDirectory">The folder its cells work in.</param>
/// <param name="listeners">Are told what happens.</param>
public sealed class NotebookRun(Notebook notebook, string workingDirectory, IReadOnlyList<INotebookListener> listeners)
{
    private readonly Lock collecting = new();
    private OutputLog outputs = new();

    /// <summary>Whether the run goes on after a cell that failed.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>How long one cell may take.</summary>
    public TimeSpan Timeout { get; init; } = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>The names and versions of the packages that the notebook has asked for so far, and of those they depend on.</summary>
    public IReadOnlyList<string> Packages { get; private set; } = [];

    /// <summary>Runs the notebook.</summary>
    /// <exception cref="NotebookException">A cell is not C#, or is for .NET Interactive alone; nothing has run.</exception>
    /// <remarks>The cells run in a process of their own: one that ends the process fails, and ends the run.</remarks>
    public async Task<RunOutcome> ExecuteAsync(CancellationToken cancellationToken = default)
    {
        // The process starts while the cells are read.
        using var worker = new WorkerProcess(workingDirectory, OnOutput);
        RequireRunnable();
        var outcome = RunOutcome.Completed;
        var executionCount = 0;

        foreach (var (index, cell) in notebook.Cells.Index())
        {
            Tell(listener => listener.CellStarted(cell, index + 1));
            if (cell.Kind != CellKind.Code)
            {
                Tell(listener => listener.CellFinished(new ExecutedCell(cell, null, [], TimeSpan.Zero)));
                continue;
            }

            var clock = Stopwatch.StartNew();
            var ended = await RunCellAsync(worker, new Submission($"cell {index + 1}", cell.Source), cancellationToken);
            Packages = worker.Packages;
            FinishCell(new ExecutedCell(cell, ++executionCount, [], clock.Elapsed));

            outcome = ended == RunOutcome.Completed ? outcome : ended;
            if (outcome is RunOutcome.TimedOut or RunOutcome.Cancelled || (outcome == RunOutcome.CellFailed && !KeepGoing) || worker.HasEnded)
            {
                break;
            }
        }

        return outcome;
    }

    private void RequireRunnable()
    {
        foreach (var (index, cell) in notebook.Cells.Index().Where(item => item.Item.Kind == CellKind.Code))
        {
            if (cell.Language != Languages.CSharp)
            {
                throw new NotebookException(
                    $"cell {index + 1}, line 1 ('{Lines.FirstOf(cell.Source)}') is in the language '{cell.Language}', and only C# cells are run. Remove the cell, or open the notebook in Polyglot Notebooks.");
            }

            if (SubmissionSource.FindMagic(cell.Source) is { } magic)
            {
                throw new NotebookException($"cell {index + 1}, line {magic.Line}: {magic.Explanation}");
            }
        }
    }

    private async Task<RunOutcome> RunCellAsync(WorkerProcess worker, Submission submission, CancellationToken cancellationToken)
    {
        var running = worker.RunAsync(submission);
        try
        {
            return await running.WaitAsync(Timeout, cancellationToken) == SubmissionOutcome.Completed ? RunOutcome.Completed : RunOutcome.CellFailed;
        }
        catch (WorkerEndedException e)
        {
            OnOutput(new ErrorOutput("ProcessEnded", $"{submission.Name} ended the process that ran it, and the run with it. {e.Message}", []));
            return RunOutcome.CellFailed;
        }
        catch (TimeoutException)
        {
            await worker.StopAsync();
            var given = Timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
            OnOutput(new ErrorOutput("Timeout", $"{submission.Name} was given {given} s and did not end.", []));
            return RunOutcome.TimedOut;
        }
        catch (OperationCanceledException)
        {
            await worker.StopAsync();
            OnOutput(new ErrorOutput("Cancelled", $"The run was called off in {submission.Name}.", []));
            return RunOutcome.Cancelled;
        }
    }

    private void OnOutput(CellOutput output)
    {
        lock (collecting)
        {
            outputs.Add(output);
            Tell(listener => listener.OutputShown(output));
        }
    }

    private void FinishCell(ExecutedCell cell)
    {
        lock (collecting)
        {
            var finished = cell with { Outputs = [.. outputs.Outputs] };
            outputs = new OutputLog();
            Tell(listener => listener.CellFinished(finished));
        }
    }

    private void Tell(Action<INotebookListener> news)
    {
        foreach (var listener in listeners)
        {
            news(listener);
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using Backprop.Runner.Documents;
using Backprop.Runner.Outputs;
using Backprop.Runner.Workers;

namespace Backprop.Runner.Execution;

/// <summary>Runs a notebook from the first cell to the last.</summary>
/// <param name="notebook">The notebook.</param>
/// <param name="workingDirectory">The working directory of the cells.</param>
/// <param name="listeners">Receive the events of the run.</param>
public sealed class NotebookRun(Notebook notebook, string workingDirectory, IReadOnlyList<INotebookListener> listeners)
{
    private readonly Lock collecting = new();
    private OutputLog outputs = new();

    /// <summary>Whether the run continues after a cell that fails.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>The time limit for each cell.</summary>
    public TimeSpan Timeout { get; init; } = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>The names and versions of the packages that the notebook uses so far, including dependencies.</summary>
    public IReadOnlyList<string> Packages { get; private set; } = [];

    private IEnumerable<(int Index, Cell Item)> CodeCells => notebook.Cells.Index().Where(item => item.Item.Kind == CellKind.Code);

    /// <summary>Runs the notebook.</summary>
    /// <exception cref="NotebookException">A cell is not C#, or contains a magic command. No cell was run.</exception>
    /// <remarks>The cells run in a worker process. A cell that ends this process fails and ends the run.</remarks>
    public async Task<RunOutcome> ExecuteAsync(CancellationToken cancellationToken = default)
    {
        // The worker process starts up while the cells are checked.
        using var worker = new WorkerProcess(workingDirectory, OnOutput);
        RequireRunnable();
        worker.Expect([.. CodeCells.Select(item => SubmissionOf(item.Index, item.Item))]);
        var outcome = RunOutcome.Completed;
        var executionCount = 0;
        var shown = 0;

        foreach (var (index, cell) in CodeCells)
        {
            var submission = SubmissionOf(index, cell);

            // Sent before the listeners show the texts above it, which then takes no time.
            var clock = Stopwatch.StartNew();
            Task<SubmissionOutcome> running;
            lock (collecting)
            {
                running = worker.RunAsync(submission);
                ShowTexts(shown..index);
                Notify(listener => listener.CellStarted(cell, index + 1));
            }

            shown = index + 1;
            var ended = await RunCellAsync(worker, running, submission.Name, cancellationToken);
            Packages = worker.Packages;
            FinishCell(new ExecutedCell(cell, ++executionCount, [], clock.Elapsed));

            outcome = ended == RunOutcome.Completed ? outcome : ended;
            if (outcome is RunOutcome.TimedOut or RunOutcome.Cancelled || (outcome == RunOutcome.CellFailed && !KeepGoing) || worker.HasEnded)
            {
                return outcome;
            }
        }

        ShowTexts(shown..notebook.Cells.Count);
        return outcome;
    }

    private static Submission SubmissionOf(int index, Cell cell) => new($"cell {index + 1}", cell.Source);

    // Cells that are not code.
    private void ShowTexts(Range cells)
    {
        for (var index = cells.Start.Value; index < cells.End.Value; index++)
        {
            var cell = notebook.Cells[index];
            Notify(listener => listener.CellStarted(cell, index + 1));
            Notify(listener => listener.CellFinished(new ExecutedCell(cell, null, [], TimeSpan.Zero)));
        }
    }

    private void RequireRunnable()
    {
        foreach (var (index, cell) in CodeCells)
        {
            if (cell.Language != Languages.CSharp)
            {
                throw new NotebookException(
                    $"cell {index + 1}, line 1 ('{Lines.FirstOf(cell.Source)}') is in the language '{cell.Language}', but only C# cells can be run. Remove the cell, or open the notebook in Polyglot Notebooks.");
            }

            if (SubmissionSource.FindMagic(cell.Source) is { } magic)
            {
                throw new NotebookException($"cell {index + 1}, line {magic.Line}: {magic.Explanation}");
            }
        }
    }

    private async Task<RunOutcome> RunCellAsync(WorkerProcess worker, Task<SubmissionOutcome> running, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await running.WaitAsync(Timeout, cancellationToken) == SubmissionOutcome.Completed ? RunOutcome.Completed : RunOutcome.CellFailed;
        }
        catch (WorkerEndedException e)
        {
            OnOutput(new ErrorOutput("ProcessEnded", $"{name} ended its worker process, which ends the run. {e.Message}", []));
            return RunOutcome.CellFailed;
        }
        catch (TimeoutException)
        {
            await worker.StopAsync();
            var limit = Timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
            OnOutput(new ErrorOutput("Timeout", $"{name} did not finish within {limit} s.", []));
            return RunOutcome.TimedOut;
        }
        catch (OperationCanceledException)
        {
            await worker.StopAsync();
            OnOutput(new ErrorOutput("Cancelled", $"The run was cancelled in {name}.", []));
            return RunOutcome.Cancelled;
        }
    }

    private void OnOutput(CellOutput output)
    {
        lock (collecting)
        {
            outputs.Add(output);
            Notify(listener => listener.OutputShown(output));
        }
    }

    private void FinishCell(ExecutedCell cell)
    {
        lock (collecting)
        {
            var finished = cell with { Outputs = [.. outputs.Outputs] };
            outputs = new OutputLog();
            Notify(listener => listener.CellFinished(finished));
        }
    }

    private void Notify(Action<INotebookListener> notification)
    {
        foreach (var listener in listeners)
        {
            notification(listener);
        }
    }
}

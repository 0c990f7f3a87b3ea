using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;
using Backprop.Runner.Workers;

namespace Backprop.Runner.Jupyter;

/// <summary>A session for one cell after another, which begins anew when a cell ends the process that it runs in.</summary>
internal sealed class KernelSession : IDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(0.5);

    private readonly string workingDirectory;
    private readonly Action<CellOutput> listener;
    private readonly Func<Task<string?>> input;
    private WorkerProcess worker;
    private WorkerProcess? preparedForHelp;
    private int runs;
    private ErrorOutput? error;
    private bool isOver;

    /// <summary>Starts the session.</summary>
    /// <param name="workingDirectory">See <see cref="Session"/>.</param>
    /// <param name="listener">Is told every output.</param>
    /// <param name="input">Asks for a line of text; gives null when nobody can be asked.</param>
    public KernelSession(string workingDirectory, Action<CellOutput> listener, Func<Task<string?>> input)
    {
        this.workingDirectory = workingDirectory;
        this.listener = listener;
        this.input = input;
        worker = Start();
    }

    /// <summary>Runs a cell.</summary>
    /// <returns>How it failed, which the listener was told, too; null when it ran to its end.</returns>
    public async Task<ErrorOutput?> RunAsync(Submission cell)
    {
        error = null;
        runs++;
        try
        {
            var outcome = await worker.RunAsync(cell);
            worker.Prepare();
            if (outcome == SubmissionOutcome.Interrupted)
            {
                OnOutput(new ErrorOutput("Interrupted", $"{cell.Name} was interrupted.", []));
            }
        }
        catch (WorkerEndedException) when (isOver)
        {
        }
        catch (WorkerEndedException e)
        {
            worker.Dispose();
            worker = Start();
            OnOutput(new ErrorOutput(
                "ProcessEnded",
                $"{cell.Name} ended the process that ran it, and with it go all variables: run the cells again from the first. {e.Message}",
                []));
        }

        return error;
    }

    /// <summary>
    /// Makes ready for questions about cells that are being typed, when no other cell has run for a moment. The first answer would
    /// take seconds otherwise, and front ends wait for one or two.
    /// </summary>
    public async Task PrepareHelpWhenIdleAsync()
    {
        var run = runs;
        await Task.Delay(Idle);
        if (run == runs && !isOver && preparedForHelp != worker)
        {
            preparedForHelp = worker;
            worker.PrepareHelp();
        }
    }

    /// <summary>Asks about a cell that is being typed.</summary>
    /// <typeparam name="T">The kind of answer that the question has.</typeparam>
    /// <exception cref="InvalidMessageException">There is no answer.</exception>
    public async Task<T> AskAsync<T>(WorkerRequest question)
        where T : WorkerAnswer
    {
        try
        {
            return await worker.AskAsync(question) switch
            {
                T answer => answer,
                WorkerAnswer.NoAnswer { Reason: var reason } => throw new InvalidMessageException(reason),
                var other => throw new InvalidMessageException($"the session gave another answer: {other.GetType().Name}."),
            };
        }
        catch (WorkerEndedException e)
        {
            throw new InvalidMessageException(e.Message);
        }
    }

    /// <summary>Interrupts the cell that runs, see <see cref="Interruption"/>.</summary>
    public void Interrupt() => worker.Interrupt();

    /// <inheritdoc/>
    public void Dispose()
    {
        isOver = true;
        worker.Dispose();
    }

    private WorkerProcess Start() => new(workingDirectory, OnOutput) { Input = input };

    private void OnOutput(CellOutput output)
    {
        error = output as ErrorOutput ?? error;
        listener(output);
    }
}

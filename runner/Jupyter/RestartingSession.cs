using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;
using Backprop.Runner.Workers;

namespace Backprop.Runner.Jupyter;

/// <summary>A session that restarts with a new worker process when a cell ends the old one.</summary>
internal sealed class RestartingSession : IDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(0.5);

    private readonly string workingDirectory;
    private readonly Action<CellOutput> listener;
    private readonly Func<Task<string?>> input;
    private WorkerProcess worker;
    private WorkerProcess? warmedUp;
    private int runs;
    private ErrorOutput? error;
    private bool isDisposed;

    /// <summary>Starts the session.</summary>
    /// <param name="workingDirectory">The working directory, see <see cref="Session"/>.</param>
    /// <param name="listener">Receives every output.</param>
    /// <param name="input">Prompts for a line of input; returns null when there is nobody to prompt.</param>
    public RestartingSession(string workingDirectory, Action<CellOutput> listener, Func<Task<string?>> input)
    {
        this.workingDirectory = workingDirectory;
        this.listener = listener;
        this.input = input;
        worker = Start();
    }

    /// <summary>Runs a cell.</summary>
    /// <returns>The error, which the listener received as well; null when the cell completed.</returns>
    public async Task<ErrorOutput?> RunAsync(Submission cell)
    {
        error = null;
        runs++;
        try
        {
            var outcome = await worker.RunAsync(cell);
            worker.WarmUpCompiler();
            if (outcome == SubmissionOutcome.Interrupted)
            {
                OnOutput(new ErrorOutput("Interrupted", $"{cell.Name} was interrupted.", []));
            }
        }
        catch (WorkerEndedException) when (isDisposed)
        {
        }
        catch (WorkerEndedException e)
        {
            worker.Dispose();
            worker = Start();
            OnOutput(new ErrorOutput(
                "ProcessEnded",
                $"{cell.Name} ended its worker process, so all variables are lost. Run the cells again from the first one. {e.Message}",
                []));
        }

        return error;
    }

    /// <summary>
    /// Warms up completion and quick info once no cell has run for a moment. Otherwise the first request takes seconds, longer than
    /// front ends wait.
    /// </summary>
    public async Task WarmUpLanguageServiceWhenIdleAsync()
    {
        var run = runs;
        await Task.Delay(Idle);
        if (run == runs && !isDisposed && warmedUp != worker)
        {
            warmedUp = worker;
            worker.WarmUpLanguageService();
        }
    }

    /// <summary>Sends a request about the cell being edited and returns the answer.</summary>
    /// <typeparam name="T">The type of the answer.</typeparam>
    /// <exception cref="InvalidMessageException">The request fails.</exception>
    public async Task<T> AskAsync<T>(WorkerRequest request)
        where T : WorkerAnswer
    {
        try
        {
            return await worker.AskAsync(request) switch
            {
                T answer => answer,
                WorkerAnswer.NoAnswer { Reason: var reason } => throw new InvalidMessageException(reason),
                var other => throw new InvalidMessageException($"the worker gave an unexpected answer: {other.GetType().Name}."),
            };
        }
        catch (WorkerEndedException e)
        {
            throw new InvalidMessageException(e.Message);
        }
    }

    /// <summary>Interrupts the running cell, see <see cref="Interruption"/>.</summary>
    public void Interrupt() => worker.Interrupt();

    /// <inheritdoc/>
    public void Dispose()
    {
        isDisposed = true;
        worker.Dispose();
    }

    private WorkerProcess Start() => new(workingDirectory, OnOutput) { Input = input };

    private void OnOutput(CellOutput output)
    {
        error = output as ErrorOutput ?? error;
        listener(output);
    }
}

using System.Text.Json.Nodes;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Jupyter;

/// <summary>Runs cells on request.</summary>
internal sealed class CellExecutor : IDisposable
{
    private static readonly TimeSpan EndOfInterrupted = TimeSpan.FromSeconds(3);

    private readonly Publisher publisher;
    private readonly History history;
    private readonly InputPrompt prompt;
    private readonly KernelSession session;
    private RunningCell? running;
    private int executionCount;

    /// <summary>Makes ready to run cells.</summary>
    /// <param name="publisher">Is told what the cells show.</param>
    /// <param name="history">Keeps the cells.</param>
    /// <param name="prompt">Asks for what the cells read.</param>
    /// <param name="workingDirectory">See <see cref="Session"/>.</param>
    public CellExecutor(Publisher publisher, History history, InputPrompt prompt, string workingDirectory)
    {
        this.publisher = publisher;
        this.history = history;
        this.prompt = prompt;
        session = new KernelSession(workingDirectory, Show, AskAsync);
    }

    /// <summary>Runs the cell of an <c>execute_request</c>.</summary>
    /// <returns>The content of the answer.</returns>
    /// <exception cref="InvalidMessageException">The request says no code.</exception>
    public async Task<JsonObject> ExecuteAsync(Message request)
    {
        using var cell = new RunningCell(request);
        if (cell.IsStored)
        {
            history.Add(++executionCount, cell.Code);
        }

        publisher.BeginCell(request, executionCount);
        if (!cell.IsSilent)
        {
            publisher.Tell("execute_input", new JsonObject { ["code"] = cell.Code, ["execution_count"] = executionCount }, request);
        }

        running = cell;
        var error = await session.RunAsync(new Submission($"cell [{executionCount}]", cell.Code));
        running = null;

        var answer = error is null ? new JsonObject { ["user_expressions"] = new JsonObject(), ["payload"] = new JsonArray() } : OutputContent.Error(error);
        answer["status"] = error is null ? "ok" : "error";
        answer["execution_count"] = executionCount;
        return answer;
    }

    /// <summary>Interrupts the cell that runs. Where it does not end soon, its reader is told what can be done.</summary>
    public async Task InterruptAsync()
    {
        var interrupted = running;
        session.Interrupt();
        await Task.Delay(EndOfInterrupted);
        if (interrupted is not null && running == interrupted)
        {
            Show(new StreamOutput(
                StreamKind.Error,
                "The cell was interrupted and has not ended: it is in a library's code, which ends only by itself. Restart the kernel to end it now.\n"));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    private void Show(CellOutput output)
    {
        if (running?.IsSilent != true || output is not ValueOutput { IsResult: true })
        {
            publisher.Show(output);
        }
    }

    private async Task<string?> AskAsync() => running is { AllowsInput: true } cell ? await prompt.AskAsync(cell) : null;
}

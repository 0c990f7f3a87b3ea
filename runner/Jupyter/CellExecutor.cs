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
    private RunningCell? running;
    private List<ValueOutput>? expression;
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
        Session = new KernelSession(workingDirectory, Show, AskAsync);
    }

    /// <summary>What the cells run in.</summary>
    public KernelSession Session { get; }

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
        var error = await Session.RunAsync(new Submission($"cell [{executionCount}]", cell.Code));
        var answer = error is null
            ? new JsonObject { ["user_expressions"] = await ValuesOfAsync(cell.Expressions), ["payload"] = new JsonArray() }
            : OutputContent.Error(error);
        running = null;

        // Where the reader can be asked, there is one, who may type next.
        if (cell.AllowsInput)
        {
            _ = Session.PrepareHelpWhenIdleAsync();
        }

        answer["status"] = error is null ? "ok" : "error";
        answer["execution_count"] = executionCount;
        return answer;
    }

    /// <summary>Interrupts the cell that runs. Where it does not end soon, its reader is told what can be done.</summary>
    public async Task InterruptAsync()
    {
        var interrupted = running;
        Session.Interrupt();
        await Task.Delay(EndOfInterrupted);
        if (interrupted is not null && running == interrupted)
        {
            Show(new StreamOutput(
                StreamKind.Error,
                "The cell was interrupted and has not ended: it is in a library's code, which ends only by itself. Restart the kernel to end it now.\n"));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Session.Dispose();

    private async Task<JsonObject> ValuesOfAsync(IReadOnlyList<(string Name, string Code)> expressions)
    {
        var values = new JsonObject();
        foreach (var (name, code) in expressions)
        {
            var shown = expression = [];
            var error = await Session.RunAsync(new Submission($"expression '{name}'", code));
            expression = null;
            values[name] = error is null ? OutputContent.Value(shown.Find(value => value.IsResult)) : OutputContent.Error(error);
            values[name]!["status"] = error is null ? "ok" : "error";
        }

        return values;
    }

    private void Show(CellOutput output)
    {
        if (expression is { } shown && output is (ValueOutput or ErrorOutput))
        {
            shown.AddRange(new[] { output }.OfType<ValueOutput>());
            return;
        }

        if (running?.IsSilent != true || output is not ValueOutput { IsResult: true })
        {
            publisher.Show(output);
        }
    }

    private async Task<string?> AskAsync() => running is { AllowsInput: true } cell ? await prompt.AskAsync(cell) : null;
}

using System.Text.Json.Nodes;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Jupyter;

/// <summary>Handles <c>execute_request</c>s.</summary>
internal sealed class CellExecutor : IDisposable
{
    private static readonly TimeSpan InterruptGracePeriod = TimeSpan.FromSeconds(3);

    private readonly Publisher publisher;
    private readonly History history;
    private readonly InputPrompt prompt;
    private RunningCell? running;
    private List<ValueOutput>? expressionValues;
    private int executionCount;

    /// <summary>Starts a session for the cells.</summary>
    /// <param name="publisher">Receives their outputs.</param>
    /// <param name="history">Receives the cells.</param>
    /// <param name="prompt">Prompts for their input.</param>
    /// <param name="workingDirectory">The working directory, see <see cref="Session"/>.</param>
    public CellExecutor(Publisher publisher, History history, InputPrompt prompt, string workingDirectory)
    {
        this.publisher = publisher;
        this.history = history;
        this.prompt = prompt;
        Session = new RestartingSession(workingDirectory, Show, PromptAsync);
    }

    /// <summary>The session that runs the cells.</summary>
    public RestartingSession Session { get; }

    /// <summary>Runs the cell of an <c>execute_request</c>.</summary>
    /// <returns>The content of the reply.</returns>
    /// <exception cref="InvalidMessageException">The request has no code.</exception>
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
            publisher.Publish("execute_input", new JsonObject { ["code"] = cell.Code, ["execution_count"] = executionCount }, request);
        }

        running = cell;
        var error = await Session.RunAsync(new Submission($"cell [{executionCount}]", cell.Code));
        var reply = error is null
            ? new JsonObject { ["user_expressions"] = await ValuesOfAsync(cell.Expressions), ["payload"] = new JsonArray() }
            : OutputContent.Error(error);
        running = null;

        // A client that allows input is interactive: its user may be about to type.
        if (cell.AllowsInput)
        {
            _ = Session.WarmUpLanguageServiceWhenIdleAsync();
        }

        reply["status"] = error is null ? "ok" : "error";
        reply["execution_count"] = executionCount;
        return reply;
    }

    /// <summary>Interrupts the running cell. If it does not end soon, a message tells the user what to do.</summary>
    public async Task InterruptAsync()
    {
        var interrupted = running;
        Session.Interrupt();
        await Task.Delay(InterruptGracePeriod);
        if (interrupted is not null && running == interrupted)
        {
            Show(new StreamOutput(
                StreamKind.Error,
                "The cell was interrupted but is still running, because a call into a library cannot be interrupted. Restart the kernel to stop it now.\n"));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Session.Dispose();

    private async Task<JsonObject> ValuesOfAsync(IReadOnlyList<(string Name, string Code)> expressions)
    {
        var values = new JsonObject();
        foreach (var (name, code) in expressions)
        {
            var shown = expressionValues = [];
            var error = await Session.RunAsync(new Submission($"expression '{name}'", code));
            expressionValues = null;
            values[name] = error is null ? OutputContent.Value(shown.Find(value => value.IsResult)) : OutputContent.Error(error);
            values[name]!["status"] = error is null ? "ok" : "error";
        }

        return values;
    }

    private void Show(CellOutput output)
    {
        if (expressionValues is { } shown && output is (ValueOutput or ErrorOutput))
        {
            shown.AddRange(new[] { output }.OfType<ValueOutput>());
            return;
        }

        if (running?.IsSilent != true || output is not ValueOutput { IsResult: true })
        {
            publisher.Show(output);
        }
    }

    private async Task<string?> PromptAsync() => running is { AllowsInput: true } cell ? await prompt.ReadLineAsync(cell) : null;
}

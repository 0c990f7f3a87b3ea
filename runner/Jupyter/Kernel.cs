using System.Text.Json.Nodes;
using System.Threading.Channels;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Jupyter;

/// <summary>
/// A kernel for Jupyter over one session: answers requests, one after another, and those on the control socket at once:
/// https://jupyter-client.readthedocs.io/en/stable/messaging.html.
/// </summary>
internal sealed class Kernel : IDisposable
{
    private const string Request = "_request";

    private readonly KernelSockets sockets;
    private readonly Publisher publisher;
    private readonly History history = new();
    private readonly CellExecutor cells;
    private readonly TypingHelp typing;
    private readonly TaskCompletionSource shutdown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly FailedCells failed = new();

    /// <summary>Starts the kernel.</summary>
    /// <param name="connection">Where it listens.</param>
    /// <param name="workingDirectory">The folder its cells work in.</param>
    /// <exception cref="JupyterException">It cannot listen there.</exception>
    public Kernel(ConnectionFile connection, string workingDirectory)
    {
        sockets = new KernelSockets(connection);
        publisher = new Publisher(sockets);
        cells = new CellExecutor(publisher, history, new InputPrompt(sockets, publisher), workingDirectory);
        typing = new TypingHelp(cells.Session);
    }

    /// <summary>Serves until it is asked to end, or the token says so.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        publisher.TellState("starting", null);
        await await Task.WhenAny(
            ServeAsync(sockets.Shell, OnShellAsync, sockets.ReplyOnShell, cancellationToken),
            ServeAsync(sockets.Control, OnControlAsync, sockets.ReplyOnControl, cancellationToken),
            shutdown.Task);
    }

    /// <summary>Interrupts the cell that runs.</summary>
    public Task InterruptAsync() => cells.InterruptAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        cells.Dispose();
        sockets.Dispose();
    }

    private async Task ServeAsync(
        ChannelReader<Message> requests, Func<Message, Task<JsonObject?>> answer, Action<Message> reply, CancellationToken cancellationToken)
    {
        await foreach (var request in requests.ReadAllAsync(cancellationToken))
        {
            await AnswerAsync(request, answer, reply);
        }
    }

    private async Task AnswerAsync(Message request, Func<Message, Task<JsonObject?>> answer, Action<Message> reply)
    {
        publisher.TellState("busy", request);
        if (await ContentAsync(request, answer) is { } content && request.Type.EndsWith(Request, StringComparison.Ordinal))
        {
            reply(Message.From(request.Type[..^Request.Length] + "_reply", content, request));
        }

        publisher.TellState("idle", request);
    }

    private static async Task<JsonObject?> ContentAsync(Message request, Func<Message, Task<JsonObject?>> answer)
    {
        try
        {
            return await answer(request);
        }
        catch (InvalidMessageException e)
        {
            Console.Error.WriteLine($"{request.Type}: {e.Message}");
            var error = OutputContent.Error(new ErrorOutput("InvalidMessage", e.Message, []));
            error["status"] = "error";
            return error;
        }
    }

    private async Task<JsonObject?> OnShellAsync(Message request)
    {
        var waitedBehindFailure = failed.HasWaitedBehind(request);
        switch (request.Type)
        {
            case "execute_request" when waitedBehindFailure:
                return new JsonObject { ["status"] = "aborted" };
            case "execute_request":
                return await ExecuteAsync(request);
            case "complete_request":
                return await typing.CompleteAsync(request.Content);
            case "inspect_request":
                return await typing.InspectAsync(request.Content);
            case "is_complete_request":
                return await typing.IsCompleteAsync(request.Content);
            case "history_request":
                return history.Answer(request.Content);
            case "comm_info_request":
                return new JsonObject { ["status"] = "ok", ["comms"] = new JsonObject() };
            case "comm_open":
                // Whoever opens what the kernel does not know is told that it is closed.
                publisher.Tell("comm_close", new JsonObject { ["comm_id"] = request.Content.Text("comm_id"), ["data"] = new JsonObject() }, request);
                return null;
            case "comm_msg" or "comm_close":
                return null;
            default:
                return await OnControlAsync(request);
        }
    }

    private async Task<JsonObject?> ExecuteAsync(Message request)
    {
        var answer = await cells.ExecuteAsync(request);
        if (answer.Text("status") == "error" && RunningCell.StopsOthers(request))
        {
            failed.Add(request, sockets.Shell.Count);
        }

        return answer;
    }

    private Task<JsonObject?> OnControlAsync(Message request)
    {
        switch (request.Type)
        {
            case "kernel_info_request":
                return Task.FromResult<JsonObject?>(KernelInfo.Content);
            case "interrupt_request":
                _ = cells.InterruptAsync();
                return Task.FromResult<JsonObject?>(new JsonObject { ["status"] = "ok" });
            case "shutdown_request":
                shutdown.TrySetResult();
                return Task.FromResult<JsonObject?>(new JsonObject { ["status"] = "ok", ["restart"] = request.Content.Flag("restart", otherwise: false) });
            default:
                throw new InvalidMessageException("this kernel does not know such a message.");
        }
    }
}

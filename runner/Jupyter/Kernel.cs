using System.Text.Json.Nodes;
using System.Threading.Channels;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Jupyter;

/// <summary>
/// A Jupyter kernel with one session. It handles requests one at a time, and those on the control socket immediately:
/// https://jupyter-client.readthedocs.io/en/stable/messaging.html.
/// </summary>
internal sealed class Kernel : IDisposable
{
    private const string Request = "_request";

    private readonly KernelSockets sockets;
    private readonly Publisher publisher;
    private readonly History history = new();
    private readonly CellExecutor cells;
    private readonly LanguageRequests language;
    private readonly TaskCompletionSource shutdown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FailedCells failed = new();

    /// <summary>Starts the kernel.</summary>
    /// <param name="connection">Where the kernel listens.</param>
    /// <param name="workingDirectory">The working directory of the cells.</param>
    /// <exception cref="JupyterException">The kernel cannot listen there.</exception>
    public Kernel(ConnectionFile connection, string workingDirectory)
    {
        sockets = new KernelSockets(connection);
        publisher = new Publisher(sockets);
        cells = new CellExecutor(publisher, history, new InputPrompt(sockets, publisher), workingDirectory);
        language = new LanguageRequests(cells.Session);
    }

    /// <summary>Serves requests until a shutdown is requested or the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        publisher.PublishState("starting", null);
        await await Task.WhenAny(
            ServeAsync(sockets.Shell, OnShellAsync, sockets.ReplyOnShell, cancellationToken),
            ServeAsync(sockets.Control, OnControlAsync, sockets.ReplyOnControl, cancellationToken),
            shutdown.Task);
    }

    /// <summary>Interrupts the running cell.</summary>
    public Task InterruptAsync() => cells.InterruptAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        cells.Dispose();
        sockets.Dispose();
    }

    private async Task ServeAsync(
        ChannelReader<Message> requests, Func<Message, Task<JsonObject?>> handle, Action<Message> reply, CancellationToken cancellationToken)
    {
        await foreach (var request in requests.ReadAllAsync(cancellationToken))
        {
            await HandleAsync(request, handle, reply);
        }
    }

    private async Task HandleAsync(Message request, Func<Message, Task<JsonObject?>> handle, Action<Message> reply)
    {
        publisher.PublishState("busy", request);
        if (await ContentAsync(request, handle) is { } content && request.Type.EndsWith(Request, StringComparison.Ordinal))
        {
            reply(Message.From(request.Type[..^Request.Length] + "_reply", content, request));
        }

        publisher.PublishState("idle", request);
    }

    private static async Task<JsonObject?> ContentAsync(Message request, Func<Message, Task<JsonObject?>> handle)
    {
        try
        {
            return await handle(request);
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
        var isAborted = failed.Abort(request);
        switch (request.Type)
        {
            case "execute_request" when isAborted:
                return new JsonObject { ["status"] = "aborted" };
            case "execute_request":
                return await ExecuteAsync(request);
            case "complete_request":
                return await language.CompleteAsync(request.Content);
            case "inspect_request":
                return await language.InspectAsync(request.Content);
            case "is_complete_request":
                return await language.IsCompleteAsync(request.Content);
            case "history_request":
                return history.Reply(request.Content);
            case "comm_info_request":
                return new JsonObject { ["status"] = "ok", ["comms"] = new JsonObject() };
            case "comm_open":
                // The kernel supports no comm targets, so it closes every comm at once.
                publisher.Publish("comm_close", new JsonObject { ["comm_id"] = request.Content.Text("comm_id"), ["data"] = new JsonObject() }, request);
                return null;
            case "comm_msg" or "comm_close":
                return null;
            default:
                return await OnControlAsync(request);
        }
    }

    private async Task<JsonObject?> ExecuteAsync(Message request)
    {
        var reply = await cells.ExecuteAsync(request);
        if (reply.Text("status") == "error" && RunningCell.StopsOnError(request))
        {
            failed.Add(request, sockets.Shell.Count);
        }

        return reply;
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
                return Task.FromResult<JsonObject?>(new JsonObject { ["status"] = "ok", ["restart"] = request.Content.Flag("restart", fallback: false) });
            default:
                throw new InvalidMessageException("this kernel does not support this message type.");
        }
    }
}

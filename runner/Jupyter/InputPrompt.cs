using System.Text.Json.Nodes;

namespace Backprop.Runner.Jupyter;

/// <summary>Prompts the user for a line of input.</summary>
/// <param name="sockets">The sockets of the kernel.</param>
/// <param name="publisher">The publisher, whose buffered text is sent before the prompt.</param>
internal sealed class InputPrompt(KernelSockets sockets, Publisher publisher)
{
    /// <summary>Prompts, and waits for a reply as long as the cell runs.</summary>
    /// <returns>The line; null when the cell has ended.</returns>
    public async Task<string?> ReadLineAsync(RunningCell cell)
    {
        DiscardLateReplies();
        publisher.Flush();
        sockets.RequestOnStdin(Message.From("input_request", new JsonObject { ["prompt"] = "", ["password"] = false }, cell.Request));
        try
        {
            while (true)
            {
                var reply = await sockets.Stdin.ReadAsync(cell.Ended);
                if (LineOf(reply) is { } line)
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    // Replies to prompts that were interrupted.
    private void DiscardLateReplies()
    {
        while (sockets.Stdin.TryRead(out _))
        {
        }
    }

    private static string? LineOf(Message reply)
    {
        try
        {
            return reply.Content.Text("value");
        }
        catch (InvalidMessageException e)
        {
            Console.Error.WriteLine($"An input_reply was dropped: {e.Message}");
            return null;
        }
    }
}

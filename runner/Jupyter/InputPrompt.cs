using System.Text.Json.Nodes;

namespace Backprop.Runner.Jupyter;

/// <summary>Asks the reader of a cell for a line of text.</summary>
/// <param name="sockets">Where it is asked.</param>
/// <param name="publisher">What the cell has shown so far, which comes before the question.</param>
internal sealed class InputPrompt(KernelSockets sockets, Publisher publisher)
{
    /// <summary>Asks, and waits for an answer for as long as the cell runs.</summary>
    /// <returns>The line; null when the cell has ended.</returns>
    public async Task<string?> AskAsync(RunningCell cell)
    {
        ForgetLateAnswers();
        publisher.TellGathered();
        sockets.AskOnStdin(Message.From("input_request", new JsonObject { ["prompt"] = "", ["password"] = false }, cell.Request));
        try
        {
            while (true)
            {
                var answer = await sockets.Stdin.ReadAsync(cell.Ended);
                if (LineOf(answer) is { } line)
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

    // They were given to questions that had been interrupted.
    private void ForgetLateAnswers()
    {
        while (sockets.Stdin.TryRead(out _))
        {
        }
    }

    private static string? LineOf(Message answer)
    {
        try
        {
            return answer.Content.Text("value");
        }
        catch (InvalidMessageException e)
        {
            Console.Error.WriteLine($"An answer was dropped: {e.Message}");
            return null;
        }
    }
}

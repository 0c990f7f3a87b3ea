namespace Backprop.Runner.Jupyter;

/// <summary>Knows which requests a failed cell stops: those that its own client had sent when it failed.</summary>
internal sealed class FailedCells
{
    // How many messages are to be read until none is left that had come in when a cell of a client failed.
    private readonly Dictionary<string, int> behind = [];

    /// <summary>A cell failed that stops those behind it.</summary>
    /// <param name="request">The request to run it.</param>
    /// <param name="waiting">How many messages have come in and not been read.</param>
    public void Add(Message request, int waiting)
    {
        if (waiting > 0)
        {
            behind[request.Session] = waiting;
        }
    }

    /// <summary>Takes in the next message.</summary>
    /// <returns>Whether it had come in from the same client when a cell failed.</returns>
    public bool HasWaitedBehind(Message request)
    {
        var waited = behind.ContainsKey(request.Session);
        foreach (var (client, waiting) in behind.ToList())
        {
            if (waiting > 1)
            {
                behind[client] = waiting - 1;
            }
            else
            {
                behind.Remove(client);
            }
        }

        return waited;
    }
}

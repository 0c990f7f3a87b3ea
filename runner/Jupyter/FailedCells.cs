namespace Backprop.Runner.Jupyter;

/// <summary>Determines which requests a failed cell aborts: those from the same client that were already waiting when it failed.</summary>
internal sealed class FailedCells
{
    // For each client with a failed cell, how many of the messages that were waiting at that time are still unread.
    private readonly Dictionary<string, int> unread = [];

    /// <summary>Records a failed cell that aborts those behind it.</summary>
    /// <param name="request">The <c>execute_request</c> of the cell.</param>
    /// <param name="waiting">The number of messages that are waiting.</param>
    public void Add(Message request, int waiting)
    {
        if (waiting > 0)
        {
            unread[request.Session] = waiting;
        }
    }

    /// <summary>Counts the next message.</summary>
    /// <returns>Whether the message was waiting when a cell of the same client failed.</returns>
    public bool Abort(Message request)
    {
        var aborts = unread.ContainsKey(request.Session);
        foreach (var (client, waiting) in unread.ToList())
        {
            if (waiting > 1)
            {
                unread[client] = waiting - 1;
            }
            else
            {
                unread.Remove(client);
            }
        }

        return aborts;
    }
}

using System.Text;
using System.Text.Json.Nodes;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Jupyter;

/// <summary>
/// Tells all that listen what the running cell shows. Text is gathered for moments that nobody notices, so that a cell that writes
/// it letter by letter does not cost a message for each.
/// </summary>
/// <param name="sockets">Where it is told.</param>
internal sealed class Publisher(KernelSockets sockets)
{
    private const int LongText = 1 << 16;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    private readonly Lock order = new();
    private readonly StringBuilder text = new();
    private StreamKind stream;
    private Timer? moment;
    private Message? cell;
    private int executionCount;

    /// <summary>From now on what is shown belongs to this cell; what is shown between two cells belongs to the first of them.</summary>
    /// <param name="request">The request to run it.</param>
    /// <param name="count">Its number.</param>
    public void BeginCell(Message request, int count)
    {
        lock (order)
        {
            Flush();
            (cell, executionCount) = (request, count);
        }
    }

    /// <summary>Tells what the cell shows.</summary>
    public void Show(CellOutput output)
    {
        lock (order)
        {
            if (output is StreamOutput written)
            {
                Gather(written);
                return;
            }

            Flush();
            var (type, content) = OutputContent.Of(output, executionCount);
            sockets.Publish(Message.From(type, content, cell));
        }
    }

    /// <summary>Tells something that comes from a request, after all that was shown before.</summary>
    public void Tell(string type, JsonObject content, Message? request)
    {
        lock (order)
        {
            Flush();
            sockets.Publish(Message.From(type, content, request));
        }
    }

    /// <summary>Tells what the kernel does: <c>starting</c>, <c>busy</c> with a request, or <c>idle</c> after it.</summary>
    public void TellState(string state, Message? request) => Tell("status", new JsonObject { ["execution_state"] = state }, request);

    /// <summary>Tells the text gathered so far.</summary>
    public void TellGathered()
    {
        lock (order)
        {
            Flush();
        }
    }

    private void Gather(StreamOutput written)
    {
        if (written.Stream != stream || text.Length > LongText)
        {
            Flush();
        }

        stream = written.Stream;
        text.Append(written.Text);
        moment ??= new Timer(_ => TellGathered(), null, Moment, Timeout.InfiniteTimeSpan);
    }

    private void Flush()
    {
        moment?.Dispose();
        moment = null;
        if (text.Length > 0)
        {
            var (type, content) = OutputContent.Of(new StreamOutput(stream, text.ToString()), executionCount);
            text.Clear();
            sockets.Publish(Message.From(type, content, cell));
        }
    }
}

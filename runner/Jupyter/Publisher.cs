using System.Text;
using System.Text.Json.Nodes;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Jupyter;

/// <summary>
/// Publishes the outputs of the running cell. Text is buffered for an imperceptible moment, so that a cell that writes single
/// characters does not send a message for each.
/// </summary>
/// <param name="sockets">The sockets of the kernel.</param>
internal sealed class Publisher(KernelSockets sockets)
{
    private const int MaxBufferedText = 1 << 16;

    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(50);

    private readonly Lock publishing = new();
    private readonly StringBuilder text = new();
    private StreamKind stream;
    private Timer? flushTimer;
    private Message? cell;
    private int executionCount;

    /// <summary>Attributes all further outputs to a cell, until the next one begins.</summary>
    /// <param name="request">The <c>execute_request</c> of the cell.</param>
    /// <param name="count">The execution count of the cell.</param>
    public void BeginCell(Message request, int count)
    {
        lock (publishing)
        {
            Flush();
            (cell, executionCount) = (request, count);
        }
    }

    /// <summary>Publishes an output.</summary>
    public void Show(CellOutput output)
    {
        lock (publishing)
        {
            if (output is StreamOutput written)
            {
                Buffer(written);
                return;
            }

            Flush();
            var (type, content) = OutputContent.Of(output, executionCount);
            sockets.Publish(Message.From(type, content, cell));
        }
    }

    /// <summary>Publishes a message, after all outputs so far.</summary>
    public void Publish(string type, JsonObject content, Message? request)
    {
        lock (publishing)
        {
            Flush();
            sockets.Publish(Message.From(type, content, request));
        }
    }

    /// <summary>Publishes the state of the kernel: <c>starting</c>, <c>busy</c> with a request, or <c>idle</c> after it.</summary>
    public void PublishState(string state, Message? request) => Publish("status", new JsonObject { ["execution_state"] = state }, request);

    /// <summary>Publishes the buffered text.</summary>
    public void Flush()
    {
        lock (publishing)
        {
            flushTimer?.Dispose();
            flushTimer = null;
            if (text.Length > 0)
            {
                var (type, content) = OutputContent.Of(new StreamOutput(stream, text.ToString()), executionCount);
                text.Clear();
                sockets.Publish(Message.From(type, content, cell));
            }
        }
    }

    private void Buffer(StreamOutput written)
    {
        if (written.Stream != stream || text.Length > MaxBufferedText)
        {
            Flush();
        }

        stream = written.Stream;
        text.Append(written.Text);
        flushTimer ??= new Timer(_ => Flush(), null, FlushInterval, Timeout.InfiniteTimeSpan);
    }
}

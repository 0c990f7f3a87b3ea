using System.Threading.Channels;
using NetMQ;
using NetMQ.Sockets;

namespace Backprop.Runner.Jupyter;

/// <summary>
/// The five sockets of a kernel. One thread serves them all, whatever cells do; what comes in waits in a queue for each socket.
/// </summary>
internal sealed class KernelSockets : IDisposable
{
    // A frame that says it is larger than this is somebody's mistake, or malice.
    private const int LargestFrame = 1 << 28;

    private static readonly TimeSpan LastMessages = TimeSpan.FromSeconds(1);

    private readonly ConnectionFile connection;
    private readonly WireFormat format;
    private readonly NetMQPoller poller = [];
    private readonly NetMQQueue<Action> outgoing = new();
    private readonly List<UnixSocketRelay> relays = [];
    private readonly List<NetMQSocket> sockets = [];
    private readonly RouterSocket shell = new();
    private readonly RouterSocket control = new();
    private readonly RouterSocket stdin = new();
    private readonly PublisherSocket iopub = new();
    private readonly RouterSocket heartbeat = new();

    /// <summary>Opens the sockets.</summary>
    /// <exception cref="JupyterException">One of them cannot be opened.</exception>
    public KernelSockets(ConnectionFile connection)
    {
        this.connection = connection;
        format = new WireFormat(connection.Key);
        Open(shell, connection.ShellPort);
        Open(control, connection.ControlPort);
        Open(stdin, connection.StdinPort);
        Open(iopub, connection.IopubPort);
        Open(heartbeat, connection.HbPort);
        Shell = Receive(shell);
        Control = Receive(control);
        Stdin = Receive(stdin);
        // A socket that answers in turn would wait for ever for what garbage begins and does not end; this one gives back what it got.
        heartbeat.ReceiveReady += (_, _) => heartbeat.SendMultipartMessage(heartbeat.ReceiveMultipartMessage());
        outgoing.ReceiveReady += (_, _) => SendWaiting();
        poller.Add(heartbeat);
        poller.Add(outgoing);
        poller.RunAsync("kernel sockets", isBackgroundThread: true);
    }

    /// <summary>Requests.</summary>
    public ChannelReader<Message> Shell { get; }

    /// <summary>Requests that do not wait for others.</summary>
    public ChannelReader<Message> Control { get; }

    /// <summary>Answers to what the kernel asked.</summary>
    public ChannelReader<Message> Stdin { get; }

    /// <summary>Answers a request on the shell socket.</summary>
    public void ReplyOnShell(Message message) => Send(shell, message);

    /// <summary>Answers a request on the control socket.</summary>
    public void ReplyOnControl(Message message) => Send(control, message);

    /// <summary>Asks whoever sent a request.</summary>
    public void AskOnStdin(Message message) => Send(stdin, message);

    /// <summary>Tells all that listen; the first frame is what they can choose by.</summary>
    public void Publish(Message message) => Send(iopub, message with { Identities = [System.Text.Encoding.UTF8.GetBytes(message.Type)] });

    /// <summary>Closes the sockets when all that is to go out is out.</summary>
    public void Dispose()
    {
        using var sent = new ManualResetEventSlim();
        outgoing.Enqueue(sent.Set);
        sent.Wait(LastMessages);
        poller.Dispose();
        sockets.ForEach(socket => socket.Dispose());
        outgoing.Dispose();
        relays.ForEach(relay => relay.Dispose());
        NetMQConfig.Cleanup(block: true);
    }

    private void Open(NetMQSocket socket, int port)
    {
        socket.Options.Linger = LastMessages;
        socket.Options.MaxMsgSize = LargestFrame;
        socket.Options.SendHighWatermark = 0;
        sockets.Add(socket);
        try
        {
            if (connection.Transport == "tcp")
            {
                socket.Bind($"tcp://{connection.Ip}:{port}");
            }
            else
            {
                relays.Add(new UnixSocketRelay($"{connection.Ip}-{port}", socket.BindRandomPort("tcp://127.0.0.1")));
            }
        }
        catch (Exception e) when (e is NetMQException or System.Net.Sockets.SocketException)
        {
            throw new JupyterException($"{connection.Transport}://{connection.Ip}, port {port}: the kernel cannot listen there: {e.Message}");
        }
    }

    private ChannelReader<Message> Receive(NetMQSocket socket)
    {
        var received = Channel.CreateUnbounded<Message>();
        socket.ReceiveReady += (_, _) =>
        {
            var frames = socket.ReceiveMultipartMessage();
            try
            {
                received.Writer.TryWrite(format.Read(frames));
            }
            catch (InvalidMessageException e)
            {
                Console.Error.WriteLine($"A message was dropped: {e.Message}");
            }
        };
        poller.Add(socket);
        return received.Reader;
    }

    private void Send(NetMQSocket socket, Message message)
    {
        var frames = format.Write(message);
        outgoing.Enqueue(() => socket.SendMultipartMessage(frames));
    }

    private void SendWaiting()
    {
        while (outgoing.TryDequeue(out var send, TimeSpan.Zero))
        {
            send();
        }
    }
}

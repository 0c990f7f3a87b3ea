using System.Threading.Channels;
using NetMQ;
using NetMQ.Sockets;

namespace Backprop.Runner.Jupyter;

/// <summary>
/// The five sockets of a kernel, served by a thread that cells cannot block. Incoming messages wait in one queue per socket.
/// </summary>
internal sealed class KernelSockets : IDisposable
{
    // No valid frame is larger than this.
    private const int MaxFrameSize = 1 << 28;

    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

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
        // A router socket: garbage would leave a response socket waiting forever for the rest of a message.
        heartbeat.ReceiveReady += (_, _) => heartbeat.SendMultipartMessage(heartbeat.ReceiveMultipartMessage());
        outgoing.ReceiveReady += (_, _) => SendQueued();
        poller.Add(heartbeat);
        poller.Add(outgoing);
        poller.RunAsync("kernel sockets", isBackgroundThread: true);
    }

    /// <summary>Requests.</summary>
    public ChannelReader<Message> Shell { get; }

    /// <summary>Requests that bypass the queue of the shell socket.</summary>
    public ChannelReader<Message> Control { get; }

    /// <summary>Replies to the kernel's requests for input.</summary>
    public ChannelReader<Message> Stdin { get; }

    /// <summary>Sends a reply on the shell socket.</summary>
    public void ReplyOnShell(Message message) => Send(shell, message);

    /// <summary>Sends a reply on the control socket.</summary>
    public void ReplyOnControl(Message message) => Send(control, message);

    /// <summary>Requests input from the client whose request is being handled.</summary>
    public void RequestOnStdin(Message message) => Send(stdin, message);

    /// <summary>Broadcasts a message. Its first frame is the topic to which clients can subscribe.</summary>
    public void Publish(Message message) => Send(iopub, message with { Identities = [System.Text.Encoding.UTF8.GetBytes(message.Type)] });

    /// <summary>Closes the sockets after sending what is queued.</summary>
    public void Dispose()
    {
        using var sent = new ManualResetEventSlim();
        outgoing.Enqueue(sent.Set);
        sent.Wait(Linger);
        poller.Dispose();
        sockets.ForEach(socket => socket.Dispose());
        outgoing.Dispose();
        relays.ForEach(relay => relay.Dispose());
        NetMQConfig.Cleanup(block: true);
    }

    private void Open(NetMQSocket socket, int port)
    {
        socket.Options.Linger = Linger;
        socket.Options.MaxMsgSize = MaxFrameSize;
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

    private void SendQueued()
    {
        while (outgoing.TryDequeue(out var send, TimeSpan.Zero))
        {
            send();
        }
    }
}

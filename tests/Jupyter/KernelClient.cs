using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Backprop.Tests.Runner;
using NetMQ;
using NetMQ.Sockets;

namespace Backprop.Tests.Jupyter;

/// <summary>A kernel process, and a client for it at the level of the Jupyter protocol.</summary>
internal sealed class KernelClient : IDisposable
{
    private const string Key = "a key of this test's own";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly RunnerProcess runner = new();
    private readonly SubscriberSocket iopub = new();
    private readonly RequestSocket heartbeat = new();

    public KernelClient(params (string Name, string Value)[] variables)
    {
        var free = FreePorts(5);
        Ports = new Dictionary<string, int> { ["shell"] = free[0], ["control"] = free[1], ["stdin"] = free[2], ["iopub"] = free[3], ["hb"] = free[4] };
        runner.Write("connection.json", new JsonObject
        {
            ["transport"] = "tcp",
            ["ip"] = "127.0.0.1",
            ["shell_port"] = Ports["shell"],
            ["control_port"] = Ports["control"],
            ["stdin_port"] = Ports["stdin"],
            ["iopub_port"] = Ports["iopub"],
            ["hb_port"] = Ports["hb"],
            ["signature_scheme"] = "hmac-sha256",
            ["key"] = Key,
            ["kernel_name"] = "any",
        }.ToJsonString());
        Process = runner.Start(["jupyter", "run", "connection.json"], variables);
        Log = Process.StandardError.ReadToEndAsync();
        _ = Process.StandardOutput.ReadToEndAsync();

        // Jupyter's clients use the same identity on the shell and stdin sockets.
        Shell.Options.Identity = Stdin.Options.Identity = "client"u8.ToArray();
        Shell.Connect(Address("shell"));
        Control.Connect(Address("control"));
        Stdin.Connect(Address("stdin"));
        heartbeat.Connect(Address("hb"));
        iopub.SubscribeToAnyTopic();
        iopub.Connect(Address("iopub"));

        // Messages published before the subscription takes effect are lost.
        do
        {
            Ask("kernel_info_request", []);
        }
        while (iopub.Poll(PollEvents.PollIn, TimeSpan.FromMilliseconds(200)) == PollEvents.None);
    }

    public string Folder => runner.Folder;

    public Process Process { get; }

    /// <summary>The standard error of the kernel, available when it has exited.</summary>
    public Task<string> Log { get; }

    public IReadOnlyDictionary<string, int> Ports { get; }

    public DealerSocket Shell { get; } = new();

    public DealerSocket Control { get; } = new();

    public DealerSocket Stdin { get; } = new();

    /// <summary>Runs code and waits for it.</summary>
    public Execution Execute(string code, params (string Name, JsonNode Value)[] more)
    {
        var id = SendExecute(code, more);
        return new Execution(Reply(Shell, id), Published(id));
    }

    /// <summary>Requests to run code, without waiting.</summary>
    /// <returns>The id of the request.</returns>
    public string SendExecute(string code, params (string Name, JsonNode Value)[] more) =>
        Send(Shell, "execute_request", new JsonObject([KeyValuePair.Create<string, JsonNode?>("code", code), .. more.Select(item => KeyValuePair.Create<string, JsonNode?>(item.Name, item.Value))]));

    /// <summary>Sends a request on the shell socket.</summary>
    /// <returns>The content of the reply.</returns>
    public JsonObject Ask(string type, JsonObject content) => Reply(Shell, Send(Shell, type, content));

    /// <summary>Sends a request on the control socket.</summary>
    /// <returns>The content of the reply.</returns>
    public JsonObject AskControl(string type, JsonObject content) => Reply(Control, Send(Control, type, content));

    /// <summary>Returns whether the kernel answers a heartbeat.</summary>
    public bool IsAlive()
    {
        heartbeat.SendFrame("alive?");
        return heartbeat.TryReceiveFrameString(Patience, out var echo) && echo == "alive?";
    }

    /// <summary>Sends a message.</summary>
    /// <returns>Its id.</returns>
    public static string Send(DealerSocket socket, string type, JsonObject content, string session = "client")
    {
        var header = new JsonObject
        {
            ["msg_id"] = Guid.NewGuid().ToString(),
            ["session"] = session,
            ["username"] = "test",
            ["date"] = "2026-01-01T00:00:00Z",
            ["msg_type"] = type,
            ["version"] = "5.3",
        };
        socket.SendMultipartMessage(Frames(header.ToJsonString(), "{}", "{}", content.ToJsonString()));
        return (string)header["msg_id"]!;
    }

    /// <summary>Returns a correctly signed message of any parts.</summary>
    public static NetMQMessage Frames(params string[] parts)
    {
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes(string.Concat(parts))));
        return new NetMQMessage([.. new[] { "<IDS|MSG>", signature }.Concat(parts).Select(part => new NetMQFrame(part, Encoding.UTF8))]);
    }

    /// <summary>Waits for the reply to a request.</summary>
    /// <returns>Its content.</returns>
    public static JsonObject Reply(DealerSocket socket, string id)
    {
        while (true)
        {
            var reply = Receive(socket);
            if (ParentOf(reply) == id)
            {
                return reply.Content;
            }
        }
    }

    /// <summary>Waits for the next message.</summary>
    public static (string Type, JsonObject Parent, JsonObject Content) Receive(NetMQSocket socket)
    {
        NetMQMessage? frames = null;
        Assert.True(socket.TryReceiveMultipartMessage(Patience, ref frames), "The kernel does not reply.");
        var parts = frames!.Select(frame => frame.ConvertToString(Encoding.UTF8)).SkipWhile(part => part != "<IDS|MSG>").Skip(1).ToList();
        Assert.Equal(Frames([.. parts.Skip(1)])[1].ConvertToString(), parts[0]);
        return ((string)JsonNode.Parse(parts[1])!["msg_type"]!, JsonNode.Parse(parts[2])!.AsObject(), JsonNode.Parse(parts[4])!.AsObject());
    }

    /// <summary>Waits for the next message that is published for a request.</summary>
    public (string Type, JsonObject Content) NextPublished(string id)
    {
        while (true)
        {
            var message = Receive(iopub);
            if (ParentOf(message) == id)
            {
                return (message.Type, message.Content);
            }
        }
    }

    public void Dispose()
    {
        if (!Process.HasExited)
        {
            Process.Kill(entireProcessTree: true);
            Process.WaitForExit();
        }

        Process.Dispose();
        foreach (NetMQSocket socket in new NetMQSocket[] { Shell, Control, Stdin, iopub, heartbeat })
        {
            socket.Options.Linger = TimeSpan.Zero;
            socket.Dispose();
        }

        runner.Dispose();
    }

    private List<(string Type, JsonObject Content)> Published(string id)
    {
        var message = new List<(string Type, JsonObject Content)>();
        do
        {
            message.Add(NextPublished(id));
        }
        while (message[^1].Type != "status" || (string?)message[^1].Content["execution_state"] != "idle");

        return message;
    }

    private static string? ParentOf((string Type, JsonObject Parent, JsonObject Content) message) => (string?)message.Parent["msg_id"];

    private string Address(string socket) => $"tcp://127.0.0.1:{Ports[socket]}";

    /// <summary>Returns unused local ports.</summary>
    public static List<int> FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.ConvertAll(listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        listeners.ForEach(listener => listener.Stop());
        return ports;
    }

    /// <summary>The execution of a cell.</summary>
    /// <param name="Reply">The content of the reply.</param>
    /// <param name="Published">The published messages, from <c>busy</c> to <c>idle</c>.</param>
    internal sealed record Execution(JsonObject Reply, IReadOnlyList<(string Type, JsonObject Content)> Published)
    {
        public string Status => (string)Reply["status"]!;

        /// <summary>The outputs in a short form.</summary>
        public IEnumerable<string> Outputs => Published.Select(Brief).OfType<string>();

        private static string? Brief((string Type, JsonObject Content) message) => message.Type switch
        {
            "stream" => $"{message.Content["name"]}:{message.Content["text"]}",
            "execute_result" or "display_data" or "update_display_data" => $"{message.Type}:{message.Content["data"]!["text/plain"]}",
            "error" => $"error:{message.Content["ename"]}",
            "status" or "execute_input" => null,
            var other => other,
        };
    }
}

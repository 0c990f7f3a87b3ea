using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using NetMQ;

namespace Backprop.Tests.Jupyter;

/// <summary>A kernel survives any data on its sockets and runs only code that is signed with its key.</summary>
[Parallel]
public sealed class KernelAttackTests : IDisposable
{
    private const string Attack = "System.IO.File.WriteAllText(\"attacked\", \"\");";
    private const int Messages = 10_000;

    private readonly KernelClient kernel = new();
    private readonly Random random = new(20261125);

    public void Dispose() => kernel.Dispose();

    [Fact]
    public async Task Ten_thousand_malformed_or_wrongly_signed_messages_have_no_effect()
    {
        for (var i = 0; i < Messages; i++)
        {
            var socket = (random.Next(4)) switch { 0 => kernel.Control, 1 => kernel.Stdin, _ => kernel.Shell };
            socket.SendMultipartMessage(Damaged(KernelClient.Frames(Header(), "{}", "{}", new JsonObject { ["code"] = Attack }.ToJsonString())));
        }

        await RequireUnharmedAsync();
    }

    [Fact]
    public void Signed_nonsense_is_rejected()
    {
        string[] nonsense = ["", "null", "[]", "5", "\"text\"", "{", "{\"code\": 1}", "{\"code\": \"\\ud800\"}", "{\"a\": 1, \"a\": 2}", new string('[', 100_000), "\u0000"];
        foreach (var part in nonsense)
        {
            kernel.Shell.SendMultipartMessage(KernelClient.Frames(part, "{}", "{}", "{}"));
            kernel.Shell.SendMultipartMessage(KernelClient.Frames(Header(), part, "{}", "{}"));
            kernel.Shell.SendMultipartMessage(KernelClient.Frames(Header(), "{}", part, "{}"));
            kernel.Shell.SendMultipartMessage(KernelClient.Frames(Header(), "{}", "{}", part));
            kernel.Control.SendMultipartMessage(KernelClient.Frames(Header("interrupt_request"), "{}", "{}", part));
        }

        // The interrupts, which come on another socket, have been handled.
        kernel.AskControl("kernel_info_request", []);
        Assert.Equal(["execute_result:2"], kernel.Execute("1 + 1").Outputs);
    }

    [Fact]
    public async Task Random_bytes_have_no_effect()
    {
        foreach (var port in kernel.Ports.Values)
        {
            for (var i = 0; i < 100; i++)
            {
                using var client = new TcpClient("127.0.0.1", port);
                var bytes = i switch
                {
                    0 => Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),

                    // The greeting of ZMTP 3.0, and a frame that claims the maximum length.
                    1 => [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, 0, .. "NULL"u8, .. new byte[48], 2, 0x7F, .. Enumerable.Repeat((byte)0xFF, 7)],

                    // The same in version 1.0, whose frames have no greeting before them.
                    2 => [0xFF, 0x7F, .. Enumerable.Repeat((byte)0xFF, 7), 0],
                    _ => RandomBytes(),
                };
                try
                {
                    client.GetStream().Write(bytes);
                }
                catch (IOException)
                {
                    // The kernel closed the connection.
                }
            }
        }

        await RequireUnharmedAsync();
    }

    private async Task RequireUnharmedAsync()
    {
        Assert.True(kernel.IsAlive());
        Assert.Equal(["execute_result:2"], kernel.Execute("1 + 1").Outputs);
        Assert.False(File.Exists(Path.Combine(kernel.Folder, "attacked")));
        kernel.AskControl("shutdown_request", []);
        await kernel.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kernel.Process.ExitCode);
    }

    private static string Header(string type = "execute_request") => new JsonObject { ["msg_id"] = "a", ["session"] = "b", ["msg_type"] = type }.ToJsonString();

    // Breaks one part of the message, so that it must not be executed.
    private NetMQMessage Damaged(NetMQMessage message)
    {
        var frames = message.Select(frame => frame.ToByteArray()).ToList();
        var one = random.Next(1, frames.Count);
        switch (random.Next(6))
        {
            case 0:
                frames[one] = [.. frames[one], (byte)random.Next(256)];
                break;
            case 1:
                frames[one] = frames[one][..^1];
                break;
            case 2:
                var changed = random.Next(frames[one].Length);
                frames[one] = [.. frames[one]];
                frames[one][changed] ^= (byte)random.Next(1, 256);
                break;
            case 3:
                frames.RemoveAt(random.Next(frames.Count));
                break;
            case 4:
                frames[1] = [];
                break;
            default:
                frames = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => RandomBytes())];
                break;
        }

        return new NetMQMessage(frames.Select(frame => new NetMQFrame(frame)));
    }

    private byte[] RandomBytes()
    {
        var bytes = new byte[random.Next(200)];
        random.NextBytes(bytes);
        return bytes;
    }
}

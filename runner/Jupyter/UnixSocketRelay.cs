using System.Net.Sockets;

namespace Backprop.Runner.Jupyter;

/// <summary>
/// Relays between a Unix domain socket and a local TCP port, because NetMQ does not support Unix domain sockets.
/// </summary>
internal sealed class UnixSocketRelay : IDisposable
{
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string path;
    private readonly int port;

    /// <summary>Opens the socket, replacing a stale socket file.</summary>
    /// <exception cref="SocketException">The socket cannot be opened.</exception>
    public UnixSocketRelay(string path, int port)
    {
        this.path = path;
        this.port = port;
        File.Delete(path);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        _ = AcceptAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        listener.Dispose();
        File.Delete(path);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = RelayAsync(await listener.AcceptAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The relay was closed.
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using var inner = new TcpClient();
        await using var outside = new NetworkStream(client, ownsSocket: true);
        try
        {
            await inner.ConnectAsync(System.Net.IPAddress.Loopback, port);
            var inside = inner.GetStream();
            await Task.WhenAny(outside.CopyToAsync(inside), inside.CopyToAsync(outside));
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // When one side closes, the other is closed as well.
        }
    }
}

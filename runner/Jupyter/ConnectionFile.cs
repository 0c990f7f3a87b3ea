using System.Text.Json;

namespace Backprop.Runner.Jupyter;

/// <summary>
/// A connection file, in which Jupyter tells a kernel where to listen:
/// https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files.
/// </summary>
/// <param name="Transport"><c>tcp</c>, or <c>ipc</c> for sockets in the file system.</param>
/// <param name="Ip">The address to listen on; for <c>ipc</c>, the prefix of the socket paths.</param>
/// <param name="ShellPort">The port for requests.</param>
/// <param name="ControlPort">The port for requests that bypass the queue.</param>
/// <param name="StdinPort">The port on which the kernel requests input.</param>
/// <param name="IopubPort">The port on which the kernel broadcasts outputs and its state.</param>
/// <param name="HbPort">The port for heartbeats.</param>
/// <param name="SignatureScheme">The signature scheme of messages.</param>
/// <param name="Key">The secret key for signatures; empty when messages are not signed.</param>
internal sealed record ConnectionFile(
    string Transport,
    string Ip,
    int ShellPort,
    int ControlPort,
    int StdinPort,
    int IopubPort,
    int HbPort,
    string SignatureScheme,
    string Key)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads the file.</summary>
    /// <exception cref="JupyterException">The file cannot be read, or contains something that is not supported.</exception>
    public static ConnectionFile Read(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize<ConnectionFile>(File.ReadAllText(path), Options)
                ?? throw new JupyterException($"{path}: the connection file is empty.");
            return file switch
            {
                { Transport: not ("tcp" or "ipc") } => throw new JupyterException($"{path}: the transport '{file.Transport}' is not supported; use tcp or ipc."),
                { SignatureScheme: not "hmac-sha256" } => throw new JupyterException($"{path}: the signature scheme '{file.SignatureScheme}' is not supported; use hmac-sha256."),
                _ => file,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new JupyterException($"{path}: the connection file cannot be read: {e.Message} Jupyter writes such a file when it starts a kernel.");
        }
    }
}

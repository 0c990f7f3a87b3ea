using System.Text.Json;

namespace Backprop.Runner.Jupyter;

/// <summary>
/// Where a kernel is to listen, as Jupyter writes it into a file:
/// https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files.
/// </summary>
/// <param name="Transport"><c>tcp</c>, or <c>ipc</c> for sockets in the file system.</param>
/// <param name="Ip">The address to listen at; with <c>ipc</c> what the paths of the sockets begin with.</param>
/// <param name="ShellPort">Where requests come in.</param>
/// <param name="ControlPort">Where requests come in that do not wait for others.</param>
/// <param name="StdinPort">Where the kernel asks for input.</param>
/// <param name="IopubPort">Where the kernel tells all that listen what happens.</param>
/// <param name="HbPort">Where the kernel shows that it is alive.</param>
/// <param name="SignatureScheme">How messages are signed.</param>
/// <param name="Key">The secret they are signed with; empty when they are not signed.</param>
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
    /// <exception cref="JupyterException">It cannot be read, or asks for something that is not known here.</exception>
    public static ConnectionFile Read(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize<ConnectionFile>(File.ReadAllText(path), Options)
                ?? throw new JupyterException($"{path}: the file says nothing.");
            return file switch
            {
                { Transport: not ("tcp" or "ipc") } => throw new JupyterException($"{path}: the transport '{file.Transport}' is not known; it can be tcp or ipc."),
                { SignatureScheme: not "hmac-sha256" } => throw new JupyterException($"{path}: the signature scheme '{file.SignatureScheme}' is not known; it can be hmac-sha256."),
                _ => file,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new JupyterException($"{path}: the connection file cannot be read: {e.Message} Jupyter writes such a file when it starts a kernel.");
        }
    }
}

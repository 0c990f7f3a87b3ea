using System.Globalization;
using System.Text.Json.Nodes;

namespace Backprop.Runner.Jupyter;

/// <summary>A message of the Jupyter protocol: https://jupyter-client.readthedocs.io/en/stable/messaging.html.</summary>
/// <param name="Identities">The routing identities of the sender or recipient.</param>
/// <param name="Header">The header.</param>
/// <param name="Parent">The header of the request that caused the message; empty when there is none.</param>
/// <param name="Content">The content.</param>
internal sealed record Message(IReadOnlyList<byte[]> Identities, JsonObject Header, JsonObject Parent, JsonObject Content)
{
    /// <summary>The version of the protocol.</summary>
    public const string ProtocolVersion = "5.3";

    private static readonly string SessionId = Guid.NewGuid().ToString();

    /// <summary>The message type, such as <c>execute_request</c>.</summary>
    public string Type => Header.Text("msg_type");

    /// <summary>The session id of the client; empty when the header has none.</summary>
    public string Session => Header["session"] is JsonValue session && session.TryGetValue<string>(out var client) ? client : "";

    /// <summary>Creates a message of this kernel.</summary>
    /// <param name="type">The message type.</param>
    /// <param name="content">The content.</param>
    /// <param name="request">The request that causes it; null when there is none.</param>
    public static Message From(string type, JsonObject content, Message? request) => new(
        request?.Identities ?? [],
        new JsonObject
        {
            ["msg_id"] = Guid.NewGuid().ToString(),
            ["session"] = SessionId,
            ["username"] = "kernel",
            ["date"] = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture),
            ["msg_type"] = type,
            ["version"] = ProtocolVersion,
        },
        request?.Header.DeepClone().AsObject() ?? [],
        content);
}

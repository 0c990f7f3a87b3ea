using System.Globalization;
using System.Text.Json.Nodes;

namespace Backprop.Runner.Jupyter;

/// <summary>A message of Jupyter's protocol: https://jupyter-client.readthedocs.io/en/stable/messaging.html.</summary>
/// <param name="Identities">Whom it comes from or goes to, for the socket that routes it.</param>
/// <param name="Header">What it is.</param>
/// <param name="Parent">The header of the request that it comes from; empty when there is none.</param>
/// <param name="Content">What it says.</param>
internal sealed record Message(IReadOnlyList<byte[]> Identities, JsonObject Header, JsonObject Parent, JsonObject Content)
{
    /// <summary>The version of the protocol.</summary>
    public const string ProtocolVersion = "5.3";

    private static readonly string KernelSession = Guid.NewGuid().ToString();

    /// <summary>The type, <c>execute_request</c> for one.</summary>
    public string Type => Header.Text("msg_type");

    /// <summary>The client that it comes from; empty where that is not said.</summary>
    public string Session => Header["session"] is JsonValue session && session.TryGetValue<string>(out var client) ? client : "";

    /// <summary>A message that this kernel sends.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="content">What it says.</param>
    /// <param name="request">The request that it comes from; null when there is none.</param>
    public static Message From(string type, JsonObject content, Message? request) => new(
        request?.Identities ?? [],
        new JsonObject
        {
            ["msg_id"] = Guid.NewGuid().ToString(),
            ["session"] = KernelSession,
            ["username"] = "kernel",
            ["date"] = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture),
            ["msg_type"] = type,
            ["version"] = ProtocolVersion,
        },
        request?.Header.DeepClone().AsObject() ?? [],
        content);
}

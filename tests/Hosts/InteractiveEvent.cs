using System.Text.Json.Nodes;

namespace Backprop.Tests.Hosts;

/// <summary>One event of .NET Interactive.</summary>
/// <param name="envelope">Its JSON.</param>
internal sealed class InteractiveEvent(JsonNode envelope)
{
    /// <summary>The name of its type.</summary>
    public string? Kind => (string?)envelope["eventType"];

    /// <summary>The token of the command that it belongs to.</summary>
    public string? Token => (string?)envelope["command"]?["token"];

    /// <summary>What it says.</summary>
    public JsonNode Content => envelope["event"]!;

    /// <summary>The text or value that it shows, by mime types.</summary>
    public IReadOnlyDictionary<string, string> Values =>
        Content["formattedValues"]!.AsArray().ToDictionary(value => (string)value!["mimeType"]!, value => (string)value!["value"]!);
}

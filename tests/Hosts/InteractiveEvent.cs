using System.Text.Json.Nodes;

namespace Backprop.Tests.Hosts;

/// <summary>An event of .NET Interactive.</summary>
/// <param name="envelope">The JSON.</param>
internal sealed class InteractiveEvent(JsonNode envelope)
{
    /// <summary>The event type.</summary>
    public string? Kind => (string?)envelope["eventType"];

    /// <summary>The token of the command.</summary>
    public string? Token => (string?)envelope["command"]?["token"];

    /// <summary>The content.</summary>
    public JsonNode Content => envelope["event"]!;

    /// <summary>The formatted values, by MIME type.</summary>
    public IReadOnlyDictionary<string, string> Values =>
        Content["formattedValues"]!.AsArray().ToDictionary(value => (string)value!["mimeType"]!, value => (string)value!["value"]!);
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace Backprop.Runner.Documents;

/// <summary>Parses JSON that is unambiguous and can be written back unchanged.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>Parses JSON.</summary>
    /// <exception cref="JsonException">It is not JSON, an object has a property twice, or a string contains half of a surrogate pair.</exception>
    public static JsonNode? Parse(string text)
    {
        try
        {
            var json = JsonNode.Parse(text, documentOptions: Options);
            json?.ToJsonString();
            return json;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("it contains half of a surrogate pair (\\ud800 to \\udfff on its own), which is not a character.", e);
        }
    }
}

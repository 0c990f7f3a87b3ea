using System.Text.Json;
using System.Text.Json.Nodes;

namespace Backprop.Runner.Documents;

/// <summary>JSON that means one thing only and can be written again as it was read.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>Reads a JSON text.</summary>
    /// <exception cref="JsonException">It is not JSON, names a property twice in one object, or holds half of a surrogate pair.</exception>
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
            throw new JsonException("it holds half of a surrogate pair (one of \\ud800 to \\udfff alone), which is no character.", e);
        }
    }
}

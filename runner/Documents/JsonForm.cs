using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Backprop.Runner.Documents;

/// <summary>Values whose mime type says that they are JSON.</summary>
internal static partial class JsonForm
{
    /// <summary>The JSON that a value of a mime type stands for; null where it is text, or no JSON after all.</summary>
    public static JsonNode? Of(string mimeType, string value)
    {
        if (!JsonMimeType().IsMatch(mimeType))
        {
            return null;
        }

        try
        {
            return StrictJson.Parse(value);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\Aapplication/(.*\+)?json\z")]
    private static partial Regex JsonMimeType();
}

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Backprop.Runner.Documents;

/// <summary>Displayed values with a JSON MIME type.</summary>
internal static partial class JsonValues
{
    /// <summary>Parses a value if its MIME type is a JSON type; returns null for other types and for invalid JSON.</summary>
    public static JsonNode? Parse(string mimeType, string value)
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

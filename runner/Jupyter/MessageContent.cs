using System.Text.Json.Nodes;

namespace Backprop.Runner.Jupyter;

/// <summary>Reads values from the content of a message.</summary>
internal static class MessageContent
{
    /// <summary>Returns a string.</summary>
    /// <exception cref="InvalidMessageException">The value is missing or has another type.</exception>
    public static string Text(this JsonObject content, string name) => content.Value<string>(name) ?? throw Invalid(name, "a string");

    /// <summary>Returns a whole number.</summary>
    /// <exception cref="InvalidMessageException">The value is missing or has another type.</exception>
    public static int Number(this JsonObject content, string name) => content.Value<int?>(name) ?? throw Invalid(name, "a whole number");

    /// <summary>Returns a whole number, or the fallback when it is missing.</summary>
    /// <exception cref="InvalidMessageException">The value has another type.</exception>
    public static int Number(this JsonObject content, string name, int fallback) => content[name] is null ? fallback : content.Number(name);

    /// <summary>Returns a Boolean, or the fallback when it is missing.</summary>
    /// <exception cref="InvalidMessageException">The value has another type.</exception>
    public static bool Flag(this JsonObject content, string name, bool fallback) =>
        content[name] is null ? fallback : content.Value<bool?>(name) ?? throw Invalid(name, "true or false");

    private static T? Value<T>(this JsonObject content, string name) => content[name] is JsonValue value && value.TryGetValue<T>(out var read) ? read : default;

    private static InvalidMessageException Invalid(string name, string expected) => new($"'{name}' is missing or is not {expected}.");
}

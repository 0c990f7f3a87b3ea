using System.Text.Json.Nodes;

namespace Backprop.Runner.Jupyter;

/// <summary>Reads what a message says, and says what is wrong with it.</summary>
internal static class MessageContent
{
    /// <summary>A text.</summary>
    /// <exception cref="InvalidMessageException">There is none of that name.</exception>
    public static string Text(this JsonObject content, string name) => content.Value<string>(name) ?? throw Lacking(name, "text");

    /// <summary>A number.</summary>
    /// <exception cref="InvalidMessageException">There is none of that name.</exception>
    public static int Number(this JsonObject content, string name) => content.Value<int?>(name) ?? throw Lacking(name, "whole number");

    /// <summary>A number that may be left out.</summary>
    /// <exception cref="InvalidMessageException">It is something else.</exception>
    public static int Number(this JsonObject content, string name, int otherwise) => content[name] is null ? otherwise : content.Number(name);

    /// <summary>A yes or no that may be left out.</summary>
    /// <exception cref="InvalidMessageException">It is something else.</exception>
    public static bool Flag(this JsonObject content, string name, bool otherwise) =>
        content[name] is null ? otherwise : content.Value<bool?>(name) ?? throw Lacking(name, "true or false");

    private static T? Value<T>(this JsonObject content, string name) => content[name] is JsonValue value && value.TryGetValue<T>(out var read) ? read : default;

    private static InvalidMessageException Lacking(string name, string what) => new($"'{name}' is missing, or is no {what}.");
}

using System.Text.Json.Nodes;
using Backprop.Runner.Documents;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Jupyter;

/// <summary>Converts cell outputs to the content of Jupyter messages.</summary>
internal static class OutputContent
{
    /// <summary>Returns the type and content of the message for an output.</summary>
    /// <param name="output">The output.</param>
    /// <param name="executionCount">The execution count of the cell.</param>
    public static (string Type, JsonObject Content) Of(CellOutput output, int executionCount) => output switch
    {
        StreamOutput text => ("stream", new JsonObject { ["name"] = text.Name, ["text"] = text.Text }),
        ValueOutput { IsResult: true } value => ("execute_result", With(Displayed(value.Data, value.DisplayId), "execution_count", executionCount)),
        ValueOutput value => ("display_data", Displayed(value.Data, value.DisplayId)),
        ValueUpdate update => ("update_display_data", Displayed(update.Data, update.DisplayId)),
        OutputsCleared cleared => ("clear_output", new JsonObject { ["wait"] = cleared.Wait }),
        ErrorOutput error => ("error", Error(error)),
        _ => throw new ArgumentOutOfRangeException(nameof(output), output, "There is no message for this kind of output."),
    };

    /// <summary>Returns the content that an <c>error</c> message and the reply to the failed request have in common.</summary>
    public static JsonObject Error(ErrorOutput error) => new()
    {
        ["ename"] = error.Name,
        ["evalue"] = error.Message,
        ["traceback"] = new JsonArray([.. error.Lines.Select(line => JsonValue.Create(line))]),
    };

    /// <summary>Returns the content of a reply for the value of an expression; null stands for an expression without a value.</summary>
    public static JsonObject Value(ValueOutput? value) => new()
    {
        ["data"] = value is null ? new JsonObject() : Data(value.Data),
        ["metadata"] = new JsonObject(),
    };

    private static JsonObject Displayed(IReadOnlyDictionary<string, string> data, string displayId) => new()
    {
        ["data"] = Data(data),
        ["metadata"] = new JsonObject(),
        ["transient"] = new JsonObject { ["display_id"] = displayId },
    };

    private static JsonObject Data(IReadOnlyDictionary<string, string> data) =>
        new(data.Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, JsonValues.Parse(entry.Key, entry.Value) ?? entry.Value)));

    private static JsonObject With(JsonObject content, string name, JsonNode value)
    {
        content[name] = value;
        return content;
    }
}

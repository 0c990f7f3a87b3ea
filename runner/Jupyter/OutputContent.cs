using System.Text.Json.Nodes;
using Backprop.Runner.Documents;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Jupyter;

/// <summary>What a cell shows, as Jupyter's messages say it.</summary>
internal static class OutputContent
{
    /// <summary>The type of the message and its content.</summary>
    /// <param name="output">What the cell shows.</param>
    /// <param name="executionCount">The cell's number.</param>
    public static (string Type, JsonObject Content) Of(CellOutput output, int executionCount) => output switch
    {
        StreamOutput text => ("stream", new JsonObject { ["name"] = text.Name, ["text"] = text.Text }),
        ValueOutput { IsResult: true } value => ("execute_result", With(Shown(value.Data, value.DisplayId), "execution_count", executionCount)),
        ValueOutput value => ("display_data", Shown(value.Data, value.DisplayId)),
        ValueUpdate update => ("update_display_data", Shown(update.Data, update.DisplayId)),
        OutputsCleared cleared => ("clear_output", new JsonObject { ["wait"] = cleared.Wait }),
        ErrorOutput error => ("error", Error(error)),
        _ => throw new ArgumentOutOfRangeException(nameof(output), output, "Not an output that has a message."),
    };

    /// <summary>A failure, as the message that shows it and the answer to the request that failed both say it.</summary>
    public static JsonObject Error(ErrorOutput error) => new()
    {
        ["ename"] = error.Name,
        ["evalue"] = error.Message,
        ["traceback"] = new JsonArray([.. error.Lines.Select(line => JsonValue.Create(line))]),
    };

    /// <summary>A value, as an answer says it; null for an expression without one.</summary>
    public static JsonObject Value(ValueOutput? value) => new()
    {
        ["data"] = value is null ? new JsonObject() : Data(value.Data),
        ["metadata"] = new JsonObject(),
    };

    private static JsonObject Shown(IReadOnlyDictionary<string, string> forms, string displayId) => new()
    {
        ["data"] = Data(forms),
        ["metadata"] = new JsonObject(),
        ["transient"] = new JsonObject { ["display_id"] = displayId },
    };

    private static JsonObject Data(IReadOnlyDictionary<string, string> forms) =>
        new(forms.Select(form => KeyValuePair.Create<string, JsonNode?>(form.Key, JsonForm.Of(form.Key, form.Value) ?? form.Value)));

    private static JsonObject With(JsonObject content, string name, JsonNode value)
    {
        content[name] = value;
        return content;
    }
}

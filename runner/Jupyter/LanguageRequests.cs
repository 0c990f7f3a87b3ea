using System.Text.Json.Nodes;
using Backprop.Runner.Editing;
using Backprop.Runner.Workers;

namespace Backprop.Runner.Jupyter;

/// <summary>Handles requests about the cell being edited. Positions are in Unicode code points in Jupyter, and in UTF-16 code units in .NET.</summary>
/// <param name="session">The session that runs the cells.</param>
internal sealed class LanguageRequests(RestartingSession session)
{
    /// <summary>Handles a <c>complete_request</c>.</summary>
    /// <exception cref="InvalidMessageException">The request has no code or no valid position.</exception>
    public async Task<JsonObject> CompleteAsync(JsonObject request)
    {
        var (code, position) = PositionIn(request);
        var found = (await session.AskAsync<WorkerAnswer.Completions>(new WorkerRequest.Complete(code, position))).List;
        var (start, end) = (CharactersIn(code[..found.Start]), CharactersIn(code[..found.End]));
        return new JsonObject
        {
            ["status"] = "ok",
            ["matches"] = new JsonArray([.. found.Items.Select(item => JsonValue.Create(item.Text))]),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject
            {
                ["_jupyter_types_experimental"] = new JsonArray([.. found.Items.Select(item => new JsonObject
                {
                    ["text"] = item.Text,
                    ["type"] = item.Kind,
                    ["start"] = start,
                    ["end"] = end,
                })]),
            },
        };
    }

    /// <summary>Handles an <c>inspect_request</c>.</summary>
    /// <exception cref="InvalidMessageException">The request has no code or no valid position.</exception>
    public async Task<JsonObject> InspectAsync(JsonObject request)
    {
        var (code, position) = PositionIn(request);
        var found = (await session.AskAsync<WorkerAnswer.Info>(new WorkerRequest.Inspect(code, position))).Found;
        return new JsonObject
        {
            ["status"] = "ok",
            ["found"] = found is not null,
            ["data"] = found is null ? new JsonObject() : new JsonObject { ["text/plain"] = found.Text, ["text/markdown"] = found.Markdown },
            ["metadata"] = new JsonObject(),
        };
    }

    /// <summary>Handles an <c>is_complete_request</c>.</summary>
    /// <exception cref="InvalidMessageException">The request has no code.</exception>
    public async Task<JsonObject> IsCompleteAsync(JsonObject request)
    {
        var status = (await session.AskAsync<WorkerAnswer.Status>(new WorkerRequest.CheckStatus(request.Text("code")))).Code;
        var reply = new JsonObject { ["status"] = status.State.ToString().ToLowerInvariant() };
        if (status.State == CodeState.Incomplete)
        {
            reply["indent"] = status.Indent;
        }

        return reply;
    }

    private static (string Code, int Position) PositionIn(JsonObject request)
    {
        var (code, characters) = (request.Text("code"), request.Number("cursor_pos"));
        return characters >= 0 && characters <= CharactersIn(code)
            ? (code, code.EnumerateRunes().Take(characters).Sum(character => character.Utf16SequenceLength))
            : throw new InvalidMessageException($"'cursor_pos' is {characters}, but the code has {CharactersIn(code)} characters.");
    }

    private static int CharactersIn(string text) => text.EnumerateRunes().Count();
}

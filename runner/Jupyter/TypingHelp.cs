using System.Text.Json.Nodes;
using Backprop.Runner.Editing;
using Backprop.Runner.Workers;

namespace Backprop.Runner.Jupyter;

/// <summary>Answers the requests about a cell that is being typed. Jupyter counts places in it by Unicode characters, .NET by UTF-16 units.</summary>
/// <param name="session">Knows what was declared so far.</param>
internal sealed class TypingHelp(KernelSession session)
{
    /// <summary>Answers a <c>complete_request</c>.</summary>
    /// <exception cref="InvalidMessageException">The request names no place in code.</exception>
    public async Task<JsonObject> CompleteAsync(JsonObject request)
    {
        var (code, position) = PlaceIn(request);
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

    /// <summary>Answers an <c>inspect_request</c>.</summary>
    /// <exception cref="InvalidMessageException">The request names no place in code.</exception>
    public async Task<JsonObject> InspectAsync(JsonObject request)
    {
        var (code, position) = PlaceIn(request);
        var found = (await session.AskAsync<WorkerAnswer.Info>(new WorkerRequest.Inspect(code, position))).Found;
        return new JsonObject
        {
            ["status"] = "ok",
            ["found"] = found is not null,
            ["data"] = found is null ? new JsonObject() : new JsonObject { ["text/plain"] = found.Text, ["text/markdown"] = found.Markdown },
            ["metadata"] = new JsonObject(),
        };
    }

    /// <summary>Answers an <c>is_complete_request</c>.</summary>
    /// <exception cref="InvalidMessageException">The request says no code.</exception>
    public async Task<JsonObject> IsCompleteAsync(JsonObject request)
    {
        var status = (await session.AskAsync<WorkerAnswer.Status>(new WorkerRequest.Judge(request.Text("code")))).Code;
        var answer = new JsonObject { ["status"] = status.State.ToString().ToLowerInvariant() };
        if (status.State == CodeState.Incomplete)
        {
            answer["indent"] = status.Indent;
        }

        return answer;
    }

    private static (string Code, int Position) PlaceIn(JsonObject request)
    {
        var (code, characters) = (request.Text("code"), request.Number("cursor_pos"));
        return characters >= 0 && characters <= CharactersIn(code)
            ? (code, code.EnumerateRunes().Take(characters).Sum(character => character.Utf16SequenceLength))
            : throw new InvalidMessageException($"'cursor_pos' is {characters}, and the code has {CharactersIn(code)} characters.");
    }

    private static int CharactersIn(string text) => text.EnumerateRunes().Count();
}

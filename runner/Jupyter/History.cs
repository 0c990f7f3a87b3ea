using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace Backprop.Runner.Jupyter;

/// <summary>The cells that the kernel has run since it started, without their outputs.</summary>
internal sealed class History
{
    private const int CurrentSession = 1;

    private readonly List<(int Number, string Code)> cells = [];

    /// <summary>Adds a cell.</summary>
    public void Add(int number, string code) => cells.Add((number, code));

    /// <summary>Handles a <c>history_request</c>.</summary>
    /// <exception cref="InvalidMessageException">The request is invalid.</exception>
    public JsonObject Reply(JsonObject request)
    {
        var found = request.Text("hist_access_type") switch
        {
            "tail" => cells.TakeLast(request.Number("n")),
            "range" => Range(request.Number("session", fallback: 0), request.Number("start"), request.Number("stop")),
            "search" => Search(request),
            var other => throw new InvalidMessageException($"'hist_access_type' is '{other}'; use tail, range or search."),
        };
        var withOutput = request.Flag("output", fallback: false);
        return new JsonObject
        {
            ["status"] = "ok",
            ["history"] = new JsonArray([.. found.Select(cell => new JsonArray(CurrentSession, cell.Number, withOutput ? new JsonArray(cell.Code, null) : cell.Code))]),
        };
    }

    // Only the current session is kept. Jupyter numbers earlier ones backwards from 0.
    private IEnumerable<(int Number, string Code)> Range(int session, int start, int stop) =>
        session is 0 or CurrentSession ? cells.Where(cell => cell.Number >= start && cell.Number < stop) : [];

    private IEnumerable<(int Number, string Code)> Search(JsonObject request)
    {
        var pattern = request.Text("pattern");
        var found = cells.Where(cell => FileSystemName.MatchesSimpleExpression(pattern, cell.Code, ignoreCase: false));
        var selected = request.Flag("unique", fallback: false) ? found.Reverse().DistinctBy(cell => cell.Code).Reverse() : found;
        return selected.TakeLast(request.Number("n", fallback: int.MaxValue));
    }
}

using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace Backprop.Runner.Jupyter;

/// <summary>The cells that the kernel has run since it started. What they showed is not kept.</summary>
internal sealed class History
{
    private const int CurrentSession = 1;

    private readonly List<(int Number, string Code)> cells = [];

    /// <summary>Keeps a cell.</summary>
    public void Add(int number, string code) => cells.Add((number, code));

    /// <summary>Answers a <c>history_request</c>.</summary>
    /// <exception cref="InvalidMessageException">The request says not what it wants.</exception>
    public JsonObject Answer(JsonObject request)
    {
        var found = request.Text("hist_access_type") switch
        {
            "tail" => cells.TakeLast(request.Number("n")),
            "range" => Range(request.Number("session", otherwise: 0), request.Number("start"), request.Number("stop")),
            "search" => Search(request),
            var other => throw new InvalidMessageException($"'hist_access_type' is '{other}'; it can be tail, range or search."),
        };
        var withOutput = request.Flag("output", otherwise: false);
        return new JsonObject
        {
            ["status"] = "ok",
            ["history"] = new JsonArray([.. found.Select(cell => new JsonArray(CurrentSession, cell.Number, withOutput ? new JsonArray(cell.Code, null) : cell.Code))]),
        };
    }

    // Sessions before the current one, which Jupyter counts backwards from 0, are not kept.
    private IEnumerable<(int Number, string Code)> Range(int session, int start, int stop) =>
        session is 0 or CurrentSession ? cells.Where(cell => cell.Number >= start && cell.Number < stop) : [];

    private IEnumerable<(int Number, string Code)> Search(JsonObject request)
    {
        var pattern = request.Text("pattern");
        var found = cells.Where(cell => FileSystemName.MatchesSimpleExpression(pattern, cell.Code, ignoreCase: false));
        var wanted = request.Flag("unique", otherwise: false) ? found.Reverse().DistinctBy(cell => cell.Code).Reverse() : found;
        return wanted.TakeLast(request.Number("n", otherwise: int.MaxValue));
    }
}

using System.Text.Json.Nodes;

namespace Backprop.Tests.Jupyter;

/// <summary>A code cell of a notebook with its saved outputs.</summary>
/// <param name="cell">The cell's JSON.</param>
internal sealed class SavedCell(JsonNode cell)
{
    /// <summary>The text on stdout.</summary>
    public string Prints => string.Concat(Outputs.Where(output => (string?)output["name"] == "stdout").Select(output => Joined(output["text"]!)));

    /// <summary>The error message; null when there is none.</summary>
    public string? Error => Outputs.Where(output => (string?)output["output_type"] == "error").Select(error => (string?)error["evalue"]).SingleOrDefault();

    /// <summary>All outputs as text. Displayed values and results are not distinguished.</summary>
    public IEnumerable<string> Shown => Outputs.Select(output => output["data"] is { } data
        ? string.Join('\n', data.AsObject().OrderBy(form => form.Key, StringComparer.Ordinal).Select(form => $"{form.Key}: {Joined(form.Value!)}"))
        : $"{output["name"]}: {Joined(output["text"]!)}");

    private IEnumerable<JsonNode> Outputs => cell["outputs"]!.AsArray().Select(output => output!);

    /// <summary>Reads the code cells of an .ipynb file by their number in the notebook.</summary>
    public static Dictionary<int, SavedCell> Read(string file) =>
        JsonNode.Parse(File.ReadAllText(file))!["cells"]!.AsArray().Index()
            .Where(cell => (string?)cell.Item!["cell_type"] == "code")
            .ToDictionary(cell => cell.Index + 1, cell => new SavedCell(cell.Item!));

    private static string Joined(JsonNode text) => text is JsonArray lines ? string.Concat(lines.Select(line => (string)line!)) : (string)text!;
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Backprop.Tests.Lesson;

/// <summary>
/// The lesson's cells in many orders, some with an edited number, against what PyTorch printed for the same
/// (tests/reference/reruns.py).
/// </summary>
public partial class RerunTests
{
    private static readonly Dictionary<string, JsonArray> Recorded =
        JsonNode.Parse(File.ReadAllText(TestData.Path("reruns.json")))!["sequences"]!.AsArray()
            .ToDictionary(sequence => (string)sequence!["name"]!, sequence => sequence!["steps"]!.AsArray());

    public static TheoryData<string> Sequences { get; } = [.. Recorded.Keys];

    [Theory]
    [MemberData(nameof(Sequences))]
    public async Task Cells_in_any_order_print_and_fail_as_the_original_does(string sequence)
    {
        using var cells = new LessonCells();
        var steps = Recorded[sequence];
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i]!;
            var edits = step["edits"]!.AsArray().Select(edit => ((string)edit![0]!, (string)edit[1]!));

            var run = await cells.RunAsync((int)step["cell"]!, edits);

            var place = $"step {i + 1}, cell {step["cell"]}:\n";
            Assert.Equal(place + step["fails"], place + (run.Succeeded ? "false" : "true") + Unexpected(run, step));
            Rounding.AssertSameText(place + SignlessZeros((string)step["prints"]!), place + SignlessZeros(run.Prints));
        }
    }

    // Zero times a negative number is 0 in the matrix product of the recorded PyTorch 1.13 and -0 in that of libtorch 2.10.
    private static string SignlessZeros(string prints) => NegativeZero().Replace(prints, "0.$1");

    private static string Unexpected(CellRun run, JsonNode step) => run.Succeeded || (bool)step["fails"]! ? "" : $" {run.Error?.Message}";

    [GeneratedRegex(@"-0\.(0*)(?![\de])")]
    private static partial Regex NegativeZero();
}

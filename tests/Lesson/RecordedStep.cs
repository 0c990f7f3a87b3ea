using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Backprop.Tests.Lesson;

/// <summary>A cell of the lesson that was run in PyTorch, and what came of it (tests/reference/reruns.py).</summary>
/// <param name="number">The step's number in its sequence.</param>
/// <param name="recorded">The record.</param>
internal sealed partial class RecordedStep(int number, JsonNode recorded)
{
    /// <summary>Sequences of steps, by their names.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<RecordedStep>> Sequences { get; } =
        JsonNode.Parse(File.ReadAllText(TestData.Path("reruns.json")))!["sequences"]!.AsArray()
            .ToDictionary(sequence => (string)sequence!["name"]!, IReadOnlyList<RecordedStep> (sequence) => [.. sequence!["steps"]!.AsArray().Select((step, i) => new RecordedStep(i + 1, step!))]);

    /// <summary>The cell's number in the PyTorch notebook, or <see cref="LessonCells.Declarations"/>.</summary>
    public string Cell { get; } = recorded["cell"]!.ToString();

    /// <summary>What was replaced in the cell, and by what.</summary>
    public IEnumerable<(string Old, string New)> Edits => recorded["edits"]!.AsArray().Select(edit => ((string)edit![0]!, (string)edit[1]!));

    /// <summary>Requires a run of the cell to print and to fail as the recorded one did.</summary>
    /// <param name="prints">What it printed.</param>
    /// <param name="error">How it failed; null when it did not.</param>
    /// <param name="sequence">The name of its sequence, for messages.</param>
    public void AssertSame(string prints, string? error, string sequence = "")
    {
        var place = $"{sequence}, step {number}, cell {Cell}:\n";
        Assert.True((bool)recorded["fails"]! == error is not null, place + (error ?? "It did not fail."));
        Rounding.AssertSameText(place + SignlessZeros((string)recorded["prints"]!), place + SignlessZeros(prints));
    }

    // Zero times a negative number is 0 in the matrix product of the recorded PyTorch 1.13 and -0 in that of libtorch 2.10.
    private static string SignlessZeros(string prints) => NegativeZero().Replace(prints, "0.$1");

    [GeneratedRegex(@"-0\.(0*)(?![\de])")]
    private static partial Regex NegativeZero();
}

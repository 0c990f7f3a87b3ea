using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Backprop.Tests.Lesson;

/// <summary>A cell of the lesson with its recorded result in PyTorch (tests/reference/reruns.py).</summary>
/// <param name="number">The number of the step in its sequence.</param>
/// <param name="recorded">The record.</param>
internal sealed partial class RecordedStep(int number, JsonNode recorded)
{
    /// <summary>The sequences of steps, by name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<RecordedStep>> Sequences { get; } =
        JsonNode.Parse(File.ReadAllText(TestData.Path("reruns.json")))!["sequences"]!.AsArray()
            .ToDictionary(sequence => (string)sequence!["name"]!, IReadOnlyList<RecordedStep> (sequence) => [.. sequence!["steps"]!.AsArray().Select((step, i) => new RecordedStep(i + 1, step!))]);

    /// <summary>The number of the cell in the PyTorch notebook, or <see cref="LessonCells.Declarations"/>.</summary>
    public string Cell { get; } = recorded["cell"]!.ToString();

    /// <summary>The edits of the cell.</summary>
    public IEnumerable<(string Old, string New)> Edits => recorded["edits"]!.AsArray().Select(edit => ((string)edit![0]!, (string)edit[1]!));

    /// <summary>Requires that a run of the cell printed and failed like the recorded one.</summary>
    /// <param name="prints">The printed text.</param>
    /// <param name="error">The error message; null when it succeeded.</param>
    /// <param name="sequence">The name of the sequence, for messages.</param>
    public void AssertSame(string prints, string? error, string sequence = "")
    {
        var location = $"{sequence}, step {number}, cell {Cell}:\n";
        Assert.True((bool)recorded["fails"]! == error is not null, location + (error ?? "It did not fail."));
        Rounding.AssertSameText(location + SignlessZeros((string)recorded["prints"]!), location + SignlessZeros(prints));
    }

    // Zero times a negative number is 0 in the matrix product of the recorded PyTorch 1.13 and -0 in that of libtorch 2.10.
    private static string SignlessZeros(string prints) => NegativeZero().Replace(prints, "0.$1");

    [GeneratedRegex(@"-0\.(0*)(?![\de])")]
    private static partial Regex NegativeZero();
}

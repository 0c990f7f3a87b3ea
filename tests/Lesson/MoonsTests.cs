using System.Globalization;
using System.Text.RegularExpressions;
using Backprop.Runner.Documents;
using Backprop.Runner.Outputs;

namespace Backprop.Tests.Lesson;

/// <summary>The example of a student's own network, and the guide to it.</summary>
public sealed partial class MoonsTests
{
    private static readonly string[] Parameters = ["w1", "b1", "w2", "b2", "w3", "b3"];
    private static readonly string[] Helpers = [nameof(AutogradGraph), nameof(GradientCheck), nameof(GradientComparison), nameof(GradientTable), nameof(LossCurve), nameof(DecisionSurface)];
    private static readonly string Folder = Path.Combine(TestData.Root, "examples");

    [Fact]
    public async Task The_example_runs_and_every_helper_shows_correct_values()
    {
        var texts = new List<string>();
        using (var session = new LessonCells(Folder))
        {
            foreach (var cell in NotebookFile.Read(Path.Combine(Folder, "moons.dib")).Cells.Where(cell => cell.Kind == CellKind.Code))
            {
                var run = await session.RunAsync("cell", cell.Source);
                Assert.True(run.Succeeded, run.Error?.Message);
                texts.AddRange(run.Outputs.OfType<ValueOutput>().Select(output => output.Data["text/plain"]));
            }
        }

        Assert.Equal(5, texts.Count);
        var (graph, check, table, curve, surface) = (texts[0], texts[1], texts[2], texts[3], texts[4]);
        Assert.Equal(3, Regex.Count(graph.Split("The backward pass")[0], "MmBackward0"));
        Assert.Equal(2, Regex.Count(graph.Split("The backward pass")[0], "TanhBackward0"));
        Assert.DoesNotMatch("not known|does not follow|no rule", graph);
        Assert.Equal(16 + 10, Regex.Count(graph.Split("The backward pass")[1], "(?m)^ *[0-9]+ "));
        Assert.Matches(@"loss · NllLossBackward0  \d", graph);
        Assert.All(Parameters, name => Assert.Matches($@"\b{name} · AccumulateGrad  .*grad", graph));
        var worst = WorstError().Match(check);
        Assert.InRange(double.Parse(worst.Groups[1].Value, CultureInfo.InvariantCulture), 0, 1e-6);
        Assert.Contains("114 numbers", check, StringComparison.Ordinal);
        Assert.Equal(2 + 24, table.Split('\n').Length);
        Assert.Matches("to 0.0[0-9]+ at epoch 500", curve);
        Assert.InRange(int.Parse(Right().Match(surface.Split('\n')[^1]).Groups[1].Value, CultureInfo.InvariantCulture), 196, 200);
    }

    [Fact]
    public void The_example_references_the_packages_of_the_lesson() =>
        Assert.Equal(Packages(Path.Combine(TestData.Root, "Backprop.dib")), Packages(Path.Combine(Folder, "moons.dib")));

    [Fact]
    public void The_guide_names_every_helper_that_takes_a_network_and_has_its_pictures()
    {
        var guide = File.ReadAllText(Path.Combine(TestData.Root, "docs", "your-own-network.md"));

        Assert.All(
            Helpers,
            name => Assert.Contains($"new {name}(", guide, StringComparison.Ordinal));
        var linked = Link().Matches(guide).Select(link => Path.GetFullPath(Path.Combine(TestData.Root, "docs", link.Groups[1].Value))).ToList();
        Assert.Equal(4, linked.Count);
        Assert.All(linked, file => Assert.True(File.Exists(file), file));
    }

    private static IEnumerable<string> Packages(string notebook) =>
        File.ReadLines(notebook).Where(line => line.StartsWith("#r ", StringComparison.Ordinal));

    [GeneratedRegex("largest relative error ([0-9.e-]+) at")]
    private static partial Regex WorstError();

    [GeneratedRegex("([0-9]+) of 200 right")]
    private static partial Regex Right();

    [GeneratedRegex(@"\]\(([^)#]+)\)")]
    private static partial Regex Link();
}

using System.Diagnostics;
using Backprop.Tests.Lesson;

namespace Backprop.Tests.Hosts;

/// <summary>The duration of the first code cell in .NET Interactive and of the editor's diagnostics after it, relative to its <c>#r</c> lines alone.</summary>
/// <remarks>
/// On an idle machine the cell takes 2.6 times as long as its <c>#r</c> lines (5.4 s and 2.1 s), and diagnostics 0.17 times as long (0.35 s).
/// The bounds leave room for other load on the machine.
/// </remarks>
[Collection(nameof(Alone))]
public class EditingTests
{
    private const int Rounds = 3;

    [FullScopeFact]
    public async Task The_first_cell_and_the_diagnostics_after_it_are_fast()
    {
        DotnetTools.Require();
        var packages = string.Join('\n', LessonCells.Source(3).Split('\n').Where(line => line.StartsWith("#r ", StringComparison.Ordinal)));
        var (cells, diagnostics) = (new List<double>(), new List<double>());

        for (var i = 0; i < Rounds; i++)
        {
            var (alone, _) = await MeasuredAsync(packages);
            var (cell, diagnosing) = await MeasuredAsync(LessonCells.Source(3));
            cells.Add(cell / alone);
            diagnostics.Add(diagnosing / alone);
        }

        Assert.InRange(Median(cells), 0, 4);
        Assert.InRange(Median(diagnostics), 0, 0.4);
    }

    private static async Task<(double Cell, double Diagnostics)> MeasuredAsync(string code)
    {
        await using var host = await InteractiveProcess.StartAsync(TestData.Root);
        var cell = await SecondsAsync(() => host.RunAsync(code));
        var diagnostics = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            diagnostics.Add(await SecondsAsync(() => host.DiagnosticsAsync($"var sum = 1 + {i};")));
        }

        return (cell, Median(diagnostics));
    }

    private static async Task<double> SecondsAsync(Func<Task<InteractiveAnswer>> request)
    {
        var clock = Stopwatch.StartNew();
        Assert.Null((await request()).Error);
        return clock.Elapsed.TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

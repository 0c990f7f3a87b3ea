using Backprop.Tests.Lesson;

namespace Backprop.Tests.Hosts;

/// <summary>Cells in any order, and mistakes, in the process that Polyglot Notebooks in VS Code starts.</summary>
[Parallel]
public class RerunsInPolyglotTests
{
    [FullScopeFact]
    public async Task The_first_cell_may_be_run_again_at_any_time()
    {
        DotnetTools.Require();
        var sequences = RecordedStep.Sequences.Where(sequence => sequence.Value.Count(step => step.Cell == "3") > 1).ToList();
        Assert.True(sequences.Count >= 25);

        foreach (var (name, steps) in sequences)
        {
            await using var host = await InteractiveProcess.StartAsync(TestData.Root);
            foreach (var step in steps)
            {
                var answer = await host.RunAsync(LessonCells.Source(step.Cell, step.Edits));

                step.AssertSame(answer.Prints, answer.Error, name);
            }
        }
    }

    [Fact]
    public async Task A_mistake_is_an_exception_and_the_session_survives()
    {
        DotnetTools.Require();
        await using var host = await InteractiveProcess.StartAsync(TestData.Root);
        foreach (var cell in new[] { "3", LessonCells.Declarations, "5", "7" })
        {
            Assert.Null((await host.RunAsync(LessonCells.Source(cell))).Error);
        }

        foreach (var (cell, words) in Mistakes.Cells)
        {
            Assert.Contains(words, (await host.RunAsync(cell)).Error, StringComparison.Ordinal);
        }

        Assert.Equal("tensor([0., 0.])\n", (await host.RunAsync("print(x[0]);")).Prints);
    }
}

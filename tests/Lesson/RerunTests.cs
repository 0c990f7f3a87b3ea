namespace Backprop.Tests.Lesson;

/// <summary>
/// The lesson's cells in many orders, some with an edited number, against what PyTorch printed for the same. Cells that ran before
/// what they follow here, too, are remembered from there, and the rest is compiled.
/// </summary>
public class RerunTests(CompilationCacheFolder compiled) : IClassFixture<CompilationCacheFolder>
{
    public static TheoryData<string> Sequences { get; } = [.. RecordedStep.Sequences.Keys];

    [Theory]
    [MemberData(nameof(Sequences))]
    public async Task Cells_in_any_order_print_and_fail_as_the_original_does(string sequence)
    {
        using var cells = new LessonCells(compiledFolder: compiled.Path);
        foreach (var step in RecordedStep.Sequences[sequence])
        {
            var run = await cells.RunAsync(step.Cell, step.Edits);

            step.AssertSame(run.Prints, run.Error?.Message);
        }
    }
}

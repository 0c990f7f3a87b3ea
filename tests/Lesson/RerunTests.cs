namespace Backprop.Tests.Lesson;

/// <summary>
/// The lesson's cells in many orders, some with an edited number, compared with PyTorch's prints. The sequences share a compilation
/// cache, so they mix cached and newly compiled cells.
/// </summary>
public class RerunTests(CompilationCacheFolder cache) : IClassFixture<CompilationCacheFolder>
{
    public static TheoryData<string> Sequences { get; } = [.. RecordedStep.Sequences.Keys];

    [Theory]
    [MemberData(nameof(Sequences))]
    public async Task Cells_in_any_order_print_and_fail_as_in_PyTorch(string sequence)
    {
        using var cells = new LessonCells(cacheFolder: cache.Path);
        foreach (var step in RecordedStep.Sequences[sequence])
        {
            var run = await cells.RunAsync(step.Cell, step.Edits);

            step.AssertSame(run.Prints, run.Error?.Message);
        }
    }
}

namespace Backprop.Tests.Lesson;

/// <summary>
/// The lesson's cells in many orders, some with an edited number, compared with PyTorch's prints. The sequences share a compilation
/// cache, so they mix cached and newly compiled cells.
/// </summary>
public class RerunTests(CompilationCacheFolder cache) : IClassFixture<CompilationCacheFolder>
{
    private static readonly ILookup<bool, string> Sequences = RecordedStep.Sequences.Keys.ToLookup(name =>
        name.StartsWith("random", StringComparison.Ordinal) || name.StartsWith("the full run", StringComparison.Ordinal));

    public static TheoryData<string> Chosen { get; } = [.. Sequences[false]];

    public static TheoryData<string> RandomOrLong { get; } = [.. Sequences[true]];

    [Theory]
    [MemberData(nameof(Chosen))]
    public Task Cells_in_any_order_print_and_fail_as_in_PyTorch(string sequence) => AssertSameAsync(sequence);

    [FullScopeTheory]
    [MemberData(nameof(RandomOrLong))]
    public Task Cells_in_a_random_order_and_long_runs_print_and_fail_as_in_PyTorch(string sequence) => AssertSameAsync(sequence);

    private async Task AssertSameAsync(string sequence)
    {
        using var cells = new LessonCells(cacheFolder: cache.Path);
        foreach (var step in RecordedStep.Sequences[sequence])
        {
            var run = await cells.RunAsync(step.Cell, step.Edits);

            step.AssertSame(run.Prints, run.Error?.Message);
        }
    }
}

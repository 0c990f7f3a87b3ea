using Backprop.Runner.Documents;

namespace Backprop.Tests.Lesson;

/// <summary>The lesson in a second session, with the compilation cache of the first.</summary>
public class CachedLessonTests(CompilationCacheFolder cache) : IClassFixture<CompilationCacheFolder>
{
    [Fact]
    public async Task A_second_run_gives_the_same_outputs_and_adds_nothing_to_the_cache()
    {
        Assert.SkipUnless(Rounding.IsThatOfTheReference, "This processor rounds differently from the reference.");

        for (var session = 1; session <= 2; session++)
        {
            Assert.Equal(NotebookFilesTests.Expected, IpynbFormat.Write(NotebookFilesTests.Dib, await LessonFolder.RunAsync(TestData.Root, cache.Path)));
            Assert.Equal(NotebookFilesTests.Dib.Cells.Count(cell => cell.Kind == CellKind.Code), Directory.GetFiles(cache.Path).Length);
        }
    }
}

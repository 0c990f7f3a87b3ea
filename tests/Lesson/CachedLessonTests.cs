using Backprop.Runner.Documents;

namespace Backprop.Tests.Lesson;

/// <summary>The lesson in a second session, which remembers what its cells were compiled to.</summary>
public class CachedLessonTests(CompilationCacheFolder compiled) : IClassFixture<CompilationCacheFolder>
{
    [Fact]
    public async Task A_lesson_that_ran_before_gives_the_same_outputs_and_has_nothing_new_to_remember()
    {
        Assert.SkipUnless(Rounding.IsThatOfTheReference, "This processor rounds differently from the reference.");

        for (var session = 1; session <= 2; session++)
        {
            Assert.Equal(NotebookFilesTests.Expected, IpynbFormat.Write(NotebookFilesTests.Dib, await LessonFolder.RunAsync(TestData.Root, compiled.Path)));
            Assert.Equal(NotebookFilesTests.Dib.Cells.Count(cell => cell.Kind == CellKind.Code), Directory.GetFiles(compiled.Path).Length);
        }
    }
}

namespace Backprop.Tests.Lesson;

public class MistakesTests
{
    [Fact]
    public async Task A_mistake_is_an_exception_in_PyTorchs_words_and_the_session_survives()
    {
        using var cells = new LessonCells();
        await cells.BeginAsync();
        Assert.True((await cells.RunAsync(5)).Succeeded);
        Assert.True((await cells.RunAsync(7)).Succeeded);

        foreach (var (cell, words) in Mistakes.Cells)
        {
            var failed = await cells.RunAsync("cell", cell);

            Assert.Contains(words, failed.Error?.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', failed.Error!.Message);
            Assert.DoesNotContain("frame #", string.Concat(failed.Error.Traceback), StringComparison.Ordinal);
            Assert.Equal("tensor([0., 0.])\n", (await cells.RunAsync("cell", "print(x[0]);")).Prints);
        }
    }
}

namespace Backprop.Tests.Lesson;

public class MemoryTests
{
    [Fact]
    public async Task Repeated_training_uses_no_more_memory()
    {
        using var cells = new LessonCells();
        await cells.BeginAsync();
        foreach (var number in new[] { 5, 7, 9, 11, 13, 15, 16 })
        {
            Assert.True((await cells.RunAsync(number)).Succeeded);
        }

        var before = ResidentMegabytes();
        for (var i = 0; i < 10; i++)
        {
            Assert.True((await cells.RunAsync(16)).Succeeded);
        }

        Assert.InRange(ResidentMegabytes() - before, double.MinValue, 20);
    }

    private static double ResidentMegabytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Environment.WorkingSet / 1e6;
    }
}

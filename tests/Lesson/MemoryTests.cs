namespace Backprop.Tests.Lesson;

[Collection(nameof(Alone))]
public class MemoryTests
{
    [FullScopeFact]
    public async Task Training_again_and_again_takes_no_more_memory()
    {
        using var cells = new LessonCells();
        await cells.BeginAsync();
        foreach (var number in new[] { 5, 7, 9, 11, 13, 15, 16 })
        {
            Assert.True((await cells.RunAsync(number)).Succeeded);
        }

        await TrainAsync(10);
        var before = ResidentMebibytes();
        await TrainAsync(20);

        Assert.InRange(ResidentMebibytes() - before, double.MinValue, 5);

        async Task TrainAsync(int runs)
        {
            for (var run = 0; run < runs; run++)
            {
                Assert.True((await cells.RunAsync(16, ("EPOCHS = 5000", "EPOCHS = 500"))).Succeeded);
            }
        }
    }

    private static double ResidentMebibytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Environment.WorkingSet / 1048576.0;
    }
}

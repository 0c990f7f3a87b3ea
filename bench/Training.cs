using System.Diagnostics;
using Backprop.Runner.Documents;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Bench;

/// <summary>Measures the lesson's training cell in one session. Prints a line for each run, with its duration in seconds and the peak memory in MiB.</summary>
internal static class Training
{
    public static async Task RunAsync(int epochs, int runs)
    {
        var cells = Lesson.Part1.Cells.Where(cell => cell.Kind == CellKind.Code).Select(cell => cell.Source).ToList();
        var training = cells[^1].Replace("EPOCHS = 5000", $"EPOCHS = {epochs}", StringComparison.Ordinal);
        using var session = new Session(Lesson.Root, Fail);
        await RunAsync(session, cells[0]);
        for (var run = 0; run < runs; run++)
        {
            foreach (var cell in cells[1..^1])
            {
                await RunAsync(session, cell);
            }

            var clock = Stopwatch.StartNew();
            await RunAsync(session, training);
            var seconds = clock.Elapsed.TotalSeconds;
            using var self = Process.GetCurrentProcess();
            Console.WriteLine($"{seconds} {self.PeakWorkingSet64 / 1048576.0}");
        }
    }

    /// <summary>Runs a cell.</summary>
    public static Task RunAsync(Session session, string code) => session.RunAsync(new Submission("cell", code));

    /// <summary>Throws if the output is an error.</summary>
    public static void Fail(CellOutput output)
    {
        if (output is ErrorOutput error)
        {
            throw new InvalidOperationException($"{error.Name}: {error.Message}");
        }
    }
}

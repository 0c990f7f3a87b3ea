using System.Diagnostics;
using System.Globalization;

namespace Backprop.Tests.Jupyter;

/// <summary>What Linux tells of the process in which a kernel runs its cells.</summary>
internal sealed class WorkerTime
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly int process;

    /// <summary>Finds the process.</summary>
    /// <param name="kernel">The kernel's own.</param>
    public WorkerTime(int kernel) =>
        process = int.Parse(File.ReadAllText($"/proc/{kernel}/task/{kernel}/children").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan Used
    {
        get
        {
            // After the program's name in brackets comes field 3; user and system time are fields 14 and 15, in ticks.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return Tick * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Whether it has a file in its memory.</summary>
    public bool HasLoaded(string name) => File.ReadLines($"/proc/{process}/maps").Any(line => line.EndsWith("/" + name, StringComparison.Ordinal));

    /// <summary>Waits until it has done nothing for a while.</summary>
    public void WaitUntilIdle()
    {
        var clock = Stopwatch.StartNew();
        TimeSpan before;
        do
        {
            Assert.True(clock.Elapsed < Patience, "The process does not come to rest.");
            before = Used;
            Thread.Sleep(1500);
        }
        while (Used - before > 3 * Tick);
    }
}

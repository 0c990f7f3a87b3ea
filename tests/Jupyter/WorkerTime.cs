using System.Diagnostics;
using System.Globalization;

namespace Backprop.Tests.Jupyter;

/// <summary>The worker process of a kernel, observed through Linux's /proc.</summary>
internal sealed class WorkerTime
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly int process;

    /// <summary>Finds the worker process.</summary>
    /// <param name="kernel">The id of the kernel process.</param>
    public WorkerTime(int kernel) =>
        process = int.Parse(File.ReadAllText($"/proc/{kernel}/task/{kernel}/children").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>The processor time used so far.</summary>
    public TimeSpan Used
    {
        get
        {
            // Field 3 follows the program name in parentheses; fields 14 and 15 are the user and system time in ticks.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return Tick * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Returns whether the process has mapped a file into memory.</summary>
    public bool HasLoaded(string name) => File.ReadLines($"/proc/{process}/maps").Any(line => line.EndsWith("/" + name, StringComparison.Ordinal));

    /// <summary>Waits until the process has been idle for a while.</summary>
    public void WaitUntilIdle()
    {
        var clock = Stopwatch.StartNew();
        TimeSpan before;
        do
        {
            Assert.True(clock.Elapsed < Patience, "The process does not become idle.");
            before = Used;
            Thread.Sleep(1500);
        }
        while (Used - before > 3 * Tick);
    }
}

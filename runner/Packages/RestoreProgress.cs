using System.Diagnostics;
using System.Globalization;
using NuGet.Configuration;

namespace Backprop.Runner.Packages;

/// <summary>Reports the progress of a restore every few seconds: the time it takes and how much it has downloaded.</summary>
internal sealed class RestoreProgress : IDisposable
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly DateTime start = DateTime.UtcNow;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Action<string> report;
    private readonly Timer timer;

    /// <summary>Starts to report.</summary>
    /// <param name="report">Receives each line.</param>
    public RestoreProgress(Action<string> report)
    {
        this.report = report;
        timer = new Timer(_ => Report(), null, First, Interval);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A report that is under way must not come after the end.
        using var stopped = new ManualResetEvent(false);
        timer.Dispose(stopped);
        stopped.WaitOne();
    }

    private void Report() => report(string.Create(
        CultureInfo.InvariantCulture,
        $"Restoring packages: {clock.Elapsed.TotalSeconds:0} s, {Downloaded() / 1e6:0} MB downloaded …"));

    // NuGet downloads into its HTTP cache.
    private long Downloaded()
    {
        try
        {
            var cache = new DirectoryInfo(SettingsUtility.GetHttpCacheFolder());
            return cache.Exists
                ? cache.EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.LastWriteTimeUtc >= start).Sum(file => file.Length)
                : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Files come and go while the folder is read.
            return 0;
        }
    }
}

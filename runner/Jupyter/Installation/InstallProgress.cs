using System.Diagnostics;
using System.Globalization;

namespace Backprop.Runner.Jupyter.Installation;

/// <summary>Prints the progress of publishing the runner every few seconds, judged by the files that the SDK has written.</summary>
internal sealed class InstallProgress : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly string artifacts;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Timer timer;

    private InstallProgress(string artifacts)
    {
        this.artifacts = artifacts;
        timer = new Timer(_ => Print(), null, Delay, Interval);
    }

    /// <summary>Starts printing the progress, until the returned object is disposed.</summary>
    /// <param name="artifacts">The SDK's folder for build artifacts.</param>
    public static IDisposable Show(string artifacts) => new InstallProgress(artifacts);

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private void Print() => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,4:0} s  {Step()}"));

    private string Step()
    {
        try
        {
            return AssembliesIn("R2R") is var compiled and > 0 ? $"compiling ahead of time; assemblies so far: {compiled}"
                : Find("project.assets.json").Any() ? "compiling"
                : "restoring packages";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder changes during the search.
            return "working";
        }
    }

    private int AssembliesIn(string folder) => Find("*.dll").Count(path => Path.GetFileName(Path.GetDirectoryName(path)) == folder);

    private IEnumerable<string> Find(string name) => Directory.EnumerateFiles(artifacts, name, SearchOption.AllDirectories);
}

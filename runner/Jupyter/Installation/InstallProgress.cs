using System.Diagnostics;
using System.Globalization;

namespace Backprop.Runner.Jupyter.Installation;

/// <summary>Says every few seconds how far the SDK has come with publishing the runner, by what lies in its folder.</summary>
internal sealed class InstallProgress : IDisposable
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private readonly string artifacts;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Timer timer;

    private InstallProgress(string artifacts)
    {
        this.artifacts = artifacts;
        timer = new Timer(_ => Say(), null, First, Between);
    }

    /// <summary>Begins to say it, until what is returned is disposed of.</summary>
    /// <param name="artifacts">The folder in which the SDK works.</param>
    public static IDisposable Show(string artifacts) => new InstallProgress(artifacts);

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private void Say() => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,4:0} s  {Step()}"));

    private string Step()
    {
        try
        {
            return AssembliesIn("R2R") is var ahead and > 0 ? $"compiling ahead of time; assemblies so far: {ahead}"
                : Find("project.assets.json").Any() ? "compiling"
                : "restoring packages";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder changes while it is looked through.
            return "working";
        }
    }

    private int AssembliesIn(string folder) => Find("*.dll").Count(path => Path.GetFileName(Path.GetDirectoryName(path)) == folder);

    private IEnumerable<string> Find(string name) => Directory.EnumerateFiles(artifacts, name, SearchOption.AllDirectories);
}

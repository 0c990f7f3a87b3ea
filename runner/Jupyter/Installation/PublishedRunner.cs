using System.Reflection;

namespace Backprop.Runner.Jupyter.Installation;

/// <summary>The runner with all that it needs in one folder, compiled ahead of time, which works without the checkout that it was made from.</summary>
internal static class PublishedRunner
{
    /// <summary>The name of the file to start.</summary>
    public static readonly string Assembly = Path.GetFileName(typeof(PublishedRunner).Assembly.Location);

    private static readonly string Project =
        typeof(PublishedRunner).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Project").Value!;

    /// <summary>Publishes the runner into a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="artifacts">A folder for what is needed on the way; the checkout's own build output may be in use, by this very process.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    /// <exception cref="JupyterException">The checkout is gone, or the SDK refused.</exception>
    public static async Task MakeAsync(string folder, string artifacts, CancellationToken cancellationToken)
    {
        if (!File.Exists(Project))
        {
            throw new JupyterException($"{Project}: there is no such file any more, and the kernel is made from it. Run this in a checkout: dotnet run --project runner -- jupyter install");
        }

        try
        {
            var (exitCode, log) = await DotnetSdk.RunAsync(
                Path.GetDirectoryName(Project)!,
                ["publish", Project, "--configuration", "Release", "--output", folder, "--artifacts-path", artifacts, "--property:RunAnalyzers=false", "--disable-build-servers", "--verbosity", "quiet"],
                cancellationToken);
            if (exitCode != 0)
            {
                throw new JupyterException($"The runner cannot be published, so nothing was installed:\n{log.Trim()}");
            }
        }
        catch (MissingSdkException e)
        {
            throw new JupyterException($"Only the .NET SDK can publish the runner, and {e.Message}. Install the SDK, or put it on the PATH.");
        }
    }
}

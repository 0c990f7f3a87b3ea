using System.Reflection;
using System.Reflection.PortableExecutable;
using Backprop.Runner.Platform;

namespace Backprop.Runner.Jupyter.Installation;

/// <summary>A ReadyToRun-compiled copy of the runner in a folder of its own, which works without the checkout.</summary>
internal static class PublishedRunner
{
    /// <summary>The file name of the runner's assembly.</summary>
    public static readonly string Assembly = Path.GetFileName(typeof(PublishedRunner).Assembly.Location);

    private static readonly string Project =
        typeof(PublishedRunner).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Project").Value!;

    /// <summary>Creates the copy: from the running program if that is precompiled, or else from the sources.</summary>
    /// <param name="folder">Where to create it.</param>
    /// <param name="artifacts">A folder for build artifacts. The checkout's own may be in use, by this very process.</param>
    /// <param name="cancellationToken">Cancels publishing.</param>
    /// <exception cref="JupyterException">The checkout is missing, or publishing fails.</exception>
    public static Task CreateAsync(string folder, string artifacts, CancellationToken cancellationToken)
    {
        var running = AppContext.BaseDirectory;
        if (!IsBuildOutput(running) || !IsPrecompiled(Path.Combine(running, "Microsoft.CodeAnalysis.CSharp.dll")))
        {
            return PublishAsync(folder, artifacts, cancellationToken);
        }

        Copy(running, folder);
        return Task.CompletedTask;
    }

    // In other folders there may be more than the runner's files.
    private static bool IsBuildOutput(string folder) =>
        folder.StartsWith(Path.Combine(Path.GetDirectoryName(Project)!, "bin") + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static bool IsPrecompiled(string assembly)
    {
        using var reader = new PEReader(File.OpenRead(assembly));
        return reader.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
    }

    private static void Copy(string source, string target)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static async Task PublishAsync(string folder, string artifacts, CancellationToken cancellationToken)
    {
        if (!File.Exists(Project))
        {
            throw new JupyterException($"{Project}: the file no longer exists, but the kernel is built from it. Run this command in a checkout: dotnet run backprop.cs -- jupyter install");
        }

        using var progress = InstallProgress.Show(artifacts);
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
            throw new JupyterException($"Publishing the runner needs the .NET SDK, but {e.Message}. Install the SDK, or add it to the PATH.");
        }
    }
}

using System.Runtime.InteropServices;
using Backprop.Runner.Platform;
using NuGet.Configuration;

namespace Backprop.Runner.Packages;

/// <summary>The package cache: stores the results of restores, so that running a notebook again needs neither a restore nor the network.</summary>
internal static class PackageCache
{
    private static readonly string Folder = CacheFolder.PathOf("packages");

    /// <summary>Resolves packages with their dependencies, from the cache or by restoring them.</summary>
    /// <exception cref="PackageException">The packages cannot be restored.</exception>
    public static async Task<ResolvedPackages> ResolveAsync(
        IReadOnlyCollection<PackageRequest> requests, string notebookFolder, Action<string> progress, CancellationToken cancellationToken)
    {
        var file = RestoreResultFile.PathIn(Folder, KeyOf(requests, notebookFolder));
        if (RestoreResultFile.Read(file, RestoreResultJson.Default.ResolvedPackages) is { FilesExist: true } cached)
        {
            return cached;
        }

        var system = RuntimeInformation.RuntimeIdentifier;
        var resolved = (await PackageRestore.RunAsync(requests, notebookFolder, [system], packagesFolder: null, progress, cancellationToken))[system];
        TryWrite(file, resolved);
        return resolved;
    }

    private static void TryWrite(string file, ResolvedPackages resolved)
    {
        try
        {
            RestoreResultFile.Write(file, resolved, RestoreResultJson.Default.ResolvedPackages);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next run restores again.
        }
    }

    // Everything that can change the result of a restore.
    private static IEnumerable<string?> KeyOf(IReadOnlyCollection<PackageRequest> requests, string notebookFolder) =>
    [
        .. requests.Select(request => request.ToString()).Order(StringComparer.OrdinalIgnoreCase),
        RuntimeInformation.RuntimeIdentifier,
        Environment.Version.Major.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Environment.GetEnvironmentVariable("NUGET_PACKAGES"),
        notebookFolder,
        .. Settings.LoadDefaultSettings(notebookFolder).GetConfigFilePaths().Select(File.ReadAllText),
    ];
}

using System.Runtime.InteropServices;
using NuGet.Configuration;

namespace Backprop.Runner.Packages;

/// <summary>Remembers where packages were found, so that a notebook run again needs no network and no restore.</summary>
internal static class PackageCache
{
    private static readonly string Folder = UserFolder.PathOf("packages");

    /// <summary>Finds packages with all that they depend on, restoring them when they are not on this machine.</summary>
    /// <exception cref="PackageException">They cannot be restored.</exception>
    public static async Task<ResolvedPackages> ResolveAsync(
        IReadOnlyCollection<PackageRequest> requests, string notebookFolder, CancellationToken cancellationToken)
    {
        var entry = PackageEntry.PathIn(Folder, PartsOf(requests, notebookFolder));
        if (PackageEntry.Read(entry, PackageEntries.Default.ResolvedPackages) is { AreThere: true } known)
        {
            return known;
        }

        var system = RuntimeInformation.RuntimeIdentifier;
        var resolved = (await PackageRestore.RunAsync(requests, notebookFolder, [system], packagesFolder: null, cancellationToken))[system];
        Remember(entry, resolved);
        return resolved;
    }

    private static void Remember(string entry, ResolvedPackages resolved)
    {
        try
        {
            PackageEntry.Write(entry, resolved, PackageEntries.Default.ResolvedPackages);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then the next run finds them anew.
        }
    }

    // Whatever can change the outcome of a restore is part of the key.
    private static IEnumerable<string?> PartsOf(IReadOnlyCollection<PackageRequest> requests, string notebookFolder) =>
    [
        .. requests.Select(request => request.ToString()).Order(StringComparer.OrdinalIgnoreCase),
        RuntimeInformation.RuntimeIdentifier,
        Environment.Version.Major.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Environment.GetEnvironmentVariable("NUGET_PACKAGES"),
        notebookFolder,
        .. Settings.LoadDefaultSettings(notebookFolder).GetConfigFilePaths().Select(File.ReadAllText),
    ];
}

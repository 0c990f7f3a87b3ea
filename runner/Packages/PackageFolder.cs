using System.Runtime.InteropServices;

namespace Backprop.Runner.Packages;

/// <summary>
/// A folder of packages that can be carried to machines without network and without the SDK. It is filled where both are there,
/// for every system at once, and beside the packages it holds what NuGet found out about them.
/// </summary>
internal static class PackageFolder
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "BACKPROP_PACKAGES";

    private static readonly string[] Systems = [.. new[] { "linux-x64", "osx-arm64", "win-x64", RuntimeInformation.RuntimeIdentifier }.Distinct()];

    /// <summary>The folder to be used; null when none is set.</summary>
    public static string? Chosen => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? Path.GetFullPath(folder) : null;

    /// <summary>Finds packages in the folder with all that they depend on, restoring them into it when they are not there.</summary>
    /// <exception cref="PackageException">They cannot be restored, or not be put into the folder.</exception>
    public static async Task<ResolvedPackages> ResolveAsync(
        string folder, IReadOnlyCollection<PackageRequest> requests, string notebookFolder, CancellationToken cancellationToken)
    {
        var entry = PackageEntry.PathIn(folder, PartsOf(requests));
        if (Recall(entry, folder) is { AreThere: true } known)
        {
            return known;
        }

        Fill(() => AtomicFile.RequireWritable(entry));
        var restored = await PackageRestore.RunAsync(requests, notebookFolder, Systems, folder, cancellationToken);
        Fill(() => PackageEntry.Write(
            entry,
            restored.ToDictionary(system => system.Key, system => system.Value.WithPaths(path => InFolder(path, folder))),
            PackageEntries.Default.BySystem));
        return restored[RuntimeInformation.RuntimeIdentifier];

        void Fill(Action write)
        {
            try
            {
                write();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new PackageException(
                    $"{Variable} names {folder}, which was not filled yet for a notebook with {string.Join(" and ", requests)}, or not so that you may read it, and you cannot add to it: {e.Message} "
                    + $"Ask whoever may write there to run the notebook once, or take {Variable} away to have the packages from NuGet.");
            }
        }
    }

    private static ResolvedPackages? Recall(string entry, string folder) =>
        PackageEntry.Read(entry, PackageEntries.Default.BySystem)?
            .GetValueOrDefault(RuntimeInformation.RuntimeIdentifier)?.WithPaths(path => Path.GetFullPath(path, folder));

    private static string InFolder(string path, string folder) => Path.GetRelativePath(folder, path).Replace('\\', '/');

    private static IEnumerable<string> PartsOf(IReadOnlyCollection<PackageRequest> requests) =>
        requests.Select(request => request.ToString().ToLowerInvariant()).Order(StringComparer.Ordinal).Prepend($"{Environment.Version.Major}");
}

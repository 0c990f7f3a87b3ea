using System.Runtime.InteropServices;
using Backprop.Runner.Platform;

namespace Backprop.Runner.Packages;

/// <summary>
/// A self-contained folder of packages for machines without a network or the SDK. It is filled on a machine that has both, for all
/// platforms at once, and holds the packages together with the results of restoring them.
/// </summary>
internal static class PackageFolder
{
    /// <summary>The environment variable for the path of the folder.</summary>
    public const string Variable = "BACKPROP_PACKAGES";

    private static readonly string[] Platforms = [.. new[] { "linux-x64", "osx-arm64", "win-x64", RuntimeInformation.RuntimeIdentifier }.Distinct()];

    /// <summary>The path of the folder; null when the variable is not set.</summary>
    public static string? Configured => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? Path.GetFullPath(folder) : null;

    /// <summary>Resolves packages with their dependencies from the folder, or restores them into it.</summary>
    /// <exception cref="PackageException">The packages cannot be restored, or the folder cannot be written.</exception>
    public static async Task<ResolvedPackages> ResolveAsync(
        string folder, IReadOnlyCollection<PackageRequest> requests, string notebookFolder, Action<string> progress, CancellationToken cancellationToken)
    {
        var file = RestoreResultFile.PathIn(folder, KeyOf(requests));
        if (Read(file, folder) is { FilesExist: true } stored)
        {
            return stored;
        }

        Write(() => AtomicFile.RequireWritable(file));
        var restored = await PackageRestore.RunAsync(requests, notebookFolder, Platforms, folder, progress, cancellationToken);
        Write(() => RestoreResultFile.Write(
            file,
            restored.ToDictionary(platform => platform.Key, platform => platform.Value.WithPaths(path => RelativePath(path, folder))),
            RestoreResultJson.Default.ByPlatform));
        return restored[RuntimeInformation.RuntimeIdentifier];

        void Write(Action write)
        {
            try
            {
                write();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new PackageException(
                    $"{Variable} is set to {folder}, which has no readable packages for a notebook with {string.Join(" and ", requests)}, and you cannot write to it: {e.Message} "
                    + $"Ask someone with write access to run the notebook once, or unset {Variable} to restore the packages from NuGet.");
            }
        }
    }

    private static ResolvedPackages? Read(string file, string folder) =>
        RestoreResultFile.Read(file, RestoreResultJson.Default.ByPlatform)?
            .GetValueOrDefault(RuntimeInformation.RuntimeIdentifier)?.WithPaths(path => Path.GetFullPath(path, folder));

    private static string RelativePath(string path, string folder) => Path.GetRelativePath(folder, path).Replace('\\', '/');

    private static IEnumerable<string> KeyOf(IReadOnlyCollection<PackageRequest> requests) =>
        requests.Select(request => request.ToString().ToLowerInvariant()).Order(StringComparer.Ordinal).Prepend($"{Environment.Version.Major}");
}

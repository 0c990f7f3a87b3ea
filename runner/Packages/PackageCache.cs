using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NuGet.Configuration;

namespace Backprop.Runner.Packages;

/// <summary>Remembers where packages were found, so that a notebook run again needs no network and no restore.</summary>
internal static class PackageCache
{
    private static readonly string Folder = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "backprop",
        "packages");

    /// <summary>Finds packages with all that they depend on, restoring them when they are not on this machine.</summary>
    /// <exception cref="PackageException">They cannot be restored.</exception>
    public static async Task<ResolvedPackages> ResolveAsync(
        IReadOnlyCollection<PackageRequest> requests, string notebookFolder, CancellationToken cancellationToken)
    {
        var entry = Path.Combine(Folder, KeyOf(requests, notebookFolder) + ".json");
        if (Recall(entry) is { } known)
        {
            return known;
        }

        var system = RuntimeInformation.RuntimeIdentifier;
        var resolved = (await PackageRestore.RunAsync(requests, notebookFolder, [system], packagesFolder: null, cancellationToken))[system];
        AtomicFile.Write(entry, JsonSerializer.Serialize(resolved, ResolvedPackages.Json));
        return resolved;
    }

    private static ResolvedPackages? Recall(string entry)
    {
        try
        {
            var known = JsonSerializer.Deserialize<ResolvedPackages>(File.ReadAllText(entry), ResolvedPackages.Json);
            return known is { AreThere: true } ? known : null;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Whatever can change the outcome of a restore is part of the key.
    private static string KeyOf(IReadOnlyCollection<PackageRequest> requests, string notebookFolder)
    {
        string?[] parts =
        [
            .. requests.Select(request => request.ToString()).Order(StringComparer.OrdinalIgnoreCase),
            RuntimeInformation.RuntimeIdentifier,
            Environment.Version.Major.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Environment.GetEnvironmentVariable("NUGET_PACKAGES"),
            notebookFolder,
            .. Settings.LoadDefaultSettings(notebookFolder).GetConfigFilePaths().Select(File.ReadAllText),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
    }
}

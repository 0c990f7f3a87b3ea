namespace Backprop.Runner.Packages;

/// <summary>The packages of a session, resolved together so that they share one version of each dependency.</summary>
/// <param name="notebookFolder">The folder in which NuGet's settings are looked up.</param>
/// <param name="progress">Receives a line every few seconds while packages are restored.</param>
internal sealed class PackageSet(string notebookFolder, Action<string> progress)
{
    private readonly string? packagesFolder = PackageFolder.Configured;
    private readonly Dictionary<string, PackageRequest> requests = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> referenced = [];

    /// <summary>The names and versions of the packages and their dependencies.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>Adds packages.</summary>
    /// <returns>The assemblies and extensions that are new to the session.</returns>
    /// <exception cref="PackageException">A package cannot be resolved, or is already in use in another version.</exception>
    public async Task<ResolvedPackages> AddAsync(IReadOnlyList<PackageRequest> packages, CancellationToken cancellationToken)
    {
        var combined = new Dictionary<string, PackageRequest>(requests, requests.Comparer);
        foreach (var package in packages)
        {
            if (combined.TryGetValue(package.Id, out var earlier) && package.Version is not null && package.Version != earlier.Version)
            {
                throw new PackageException(
                    $"Version {package.Version} of package {package.Id} is requested, but the session already uses {earlier}. Use one version in the whole notebook.");
            }

            combined.TryAdd(package.Id, package);
        }

        var resolved = packagesFolder is null
            ? await PackageCache.ResolveAsync([.. combined.Values], notebookFolder, progress, cancellationToken)
            : await PackageFolder.ResolveAsync(packagesFolder, [.. combined.Values], notebookFolder, progress, cancellationToken);
        foreach (var package in packages)
        {
            requests.TryAdd(package.Id, package);
        }

        Names = resolved.Names;
        NativeLibraries.Register(resolved);
        return resolved with { Assemblies = [.. resolved.Assemblies.Where(referenced.Add)], Extensions = [.. resolved.Extensions.Where(referenced.Add)] };
    }
}

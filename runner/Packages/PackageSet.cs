namespace Backprop.Runner.Packages;

/// <summary>The packages of one session, resolved together so that they agree on what they depend on.</summary>
internal sealed class PackageSet(string notebookFolder)
{
    private readonly string? packagesFolder = PackageFolder.Chosen;
    private readonly Dictionary<string, PackageRequest> requests = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> referenced = [];

    /// <summary>The names and versions of the packages, those asked for and those they depend on.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>Adds packages.</summary>
    /// <returns>What of them, and of what they depend on, is new to the session.</returns>
    /// <exception cref="PackageException">A package cannot be had, or is there already in another version.</exception>
    public async Task<ResolvedPackages> AddAsync(IReadOnlyList<PackageRequest> packages, CancellationToken cancellationToken)
    {
        var wanted = new Dictionary<string, PackageRequest>(requests, requests.Comparer);
        foreach (var package in packages)
        {
            if (wanted.TryGetValue(package.Id, out var earlier) && package.Version is not null && package.Version != earlier.Version)
            {
                throw new PackageException(
                    $"Package {package.Id} is asked for in version {package.Version}, but the session already uses {earlier}. Use one version in the whole notebook.");
            }

            wanted.TryAdd(package.Id, package);
        }

        var resolved = packagesFolder is null
            ? await PackageCache.ResolveAsync([.. wanted.Values], notebookFolder, cancellationToken)
            : await PackageFolder.ResolveAsync(packagesFolder, [.. wanted.Values], notebookFolder, cancellationToken);
        foreach (var package in packages)
        {
            requests.TryAdd(package.Id, package);
        }

        Names = resolved.Names;
        NativeLibraries.Serve(resolved);
        return resolved with { Assemblies = [.. resolved.Assemblies.Where(referenced.Add)], Extensions = [.. resolved.Extensions.Where(referenced.Add)] };
    }
}

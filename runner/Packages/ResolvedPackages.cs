using System.Text.Json.Serialization;

namespace Backprop.Runner.Packages;

/// <summary>Packages on this machine, with all that they depend on.</summary>
/// <param name="Names">Their names and versions, those asked for and those they depend on.</param>
/// <param name="Assemblies">The paths of their assemblies.</param>
/// <param name="NativeFolders">The folders of their native libraries.</param>
/// <param name="Extensions">The paths of the assemblies and notebooks that extend .NET Interactive.</param>
internal sealed record ResolvedPackages(
    IReadOnlyList<string> Names, IReadOnlyList<string> Assemblies, IReadOnlyList<string> NativeFolders, IReadOnlyList<string> Extensions)
{
    /// <summary>Whether all that is named is there.</summary>
    [JsonIgnore]
    public bool AreThere => Assemblies.Concat(Extensions).All(File.Exists) && NativeFolders.All(Directory.Exists);

    /// <summary>The same packages with every path changed.</summary>
    public ResolvedPackages WithPaths(Func<string, string> change) =>
        new(Names, [.. Assemblies.Select(change)], [.. NativeFolders.Select(change)], [.. Extensions.Select(change)]);
}

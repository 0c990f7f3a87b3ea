using System.Text.Json.Serialization;

namespace Backprop.Runner.Packages;

/// <summary>Packages and their dependencies, with the files of each.</summary>
/// <param name="Names">The names and versions of the packages and their dependencies.</param>
/// <param name="Assemblies">The paths of the assemblies.</param>
/// <param name="NativeFolders">The folders of the native libraries.</param>
/// <param name="Extensions">The paths of the .NET Interactive extensions: assemblies and <c>extension.dib</c> files.</param>
internal sealed record ResolvedPackages(
    IReadOnlyList<string> Names, IReadOnlyList<string> Assemblies, IReadOnlyList<string> NativeFolders, IReadOnlyList<string> Extensions)
{
    /// <summary>Whether all files and folders exist.</summary>
    [JsonIgnore]
    public bool FilesExist => Assemblies.Concat(Extensions).All(File.Exists) && NativeFolders.All(Directory.Exists);

    /// <summary>Returns a copy with every path changed.</summary>
    public ResolvedPackages WithPaths(Func<string, string> change) =>
        new(Names, [.. Assemblies.Select(change)], [.. NativeFolders.Select(change)], [.. Extensions.Select(change)]);
}

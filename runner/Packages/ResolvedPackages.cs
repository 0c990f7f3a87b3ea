namespace Backprop.Runner.Packages;

/// <summary>Packages on this machine, with all that they depend on.</summary>
/// <param name="Names">Their names and versions, those asked for and those they depend on.</param>
/// <param name="Assemblies">The paths of their assemblies.</param>
/// <param name="NativeFolders">The folders of their native libraries.</param>
internal sealed record ResolvedPackages(
    IReadOnlyList<string> Names, IReadOnlyList<string> Assemblies, IReadOnlyList<string> NativeFolders);

using System.Text.RegularExpressions;
using NuGet.Versioning;

namespace Backprop.Runner.Packages;

/// <summary>A package as <c>#r "nuget: Id, Version"</c> asks for it.</summary>
/// <param name="Id">The package's id.</param>
/// <param name="Version">The version or version range; null for the newest.</param>
internal sealed partial record PackageRequest(string Id, string? Version)
{
    /// <summary>Whether what a <c>#r</c> names is a package.</summary>
    public static bool IsPackage(string reference) => reference.TrimStart().StartsWith("nuget:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads <c>nuget: Id, Version</c>, or <c>nuget: Id</c>.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static PackageRequest Parse(string reference)
    {
        var match = Form().Match(reference);
        var version = match.Groups["version"] is { Success: true } group ? group.Value : null;
        if (!match.Success || (version is not null && !VersionRange.TryParse(version, out _)))
        {
            throw new FormatException($"'{reference}' does not name a package. Write #r \"nuget: PackageId, Version\".");
        }

        return new PackageRequest(match.Groups["id"].Value, version);
    }

    /// <inheritdoc/>
    public override string ToString() => Version is null ? Id : $"{Id}, {Version}";

    [GeneratedRegex(@"^\s*nuget:\s*(?<id>[A-Za-z0-9_][A-Za-z0-9_.\-]*)\s*(,\s*(?<version>[^,\s][^\s]*)\s*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}

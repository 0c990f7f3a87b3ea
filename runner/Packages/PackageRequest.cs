using System.Text.RegularExpressions;
using NuGet.Versioning;

namespace Backprop.Runner.Packages;

/// <summary>A package reference, <c>#r "nuget: Id, Version"</c>.</summary>
/// <param name="Id">The package id.</param>
/// <param name="Version">The version or version range; null for the newest.</param>
internal sealed partial record PackageRequest(string Id, string? Version)
{
    /// <summary>Returns whether a <c>#r</c> refers to a package.</summary>
    public static bool IsPackage(string reference) => reference.TrimStart().StartsWith("nuget:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Parses <c>nuget: Id, Version</c> or <c>nuget: Id</c>.</summary>
    /// <exception cref="FormatException">The reference has neither form.</exception>
    public static PackageRequest Parse(string reference)
    {
        var match = Form().Match(reference);
        var version = match.Groups["version"] is { Success: true } group ? group.Value : null;
        if (!match.Success || (version is not null && !VersionRange.TryParse(version, out _)))
        {
            throw new FormatException($"'{reference}' is not a valid package reference. Write #r \"nuget: PackageId, Version\".");
        }

        return new PackageRequest(match.Groups["id"].Value, version);
    }

    /// <inheritdoc/>
    public override string ToString() => Version is null ? Id : $"{Id}, {Version}";

    [GeneratedRegex(@"^\s*nuget:\s*(?<id>[A-Za-z0-9_][A-Za-z0-9_.\-]*)\s*(,\s*(?<version>[^,\s][^\s]*)\s*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}

using System.Collections.Immutable;
using Backprop.Runner.Hosting;
using Microsoft.AspNetCore.Html;
using Microsoft.CodeAnalysis;
using Microsoft.DotNet.Interactive.Formatting;
using InteractiveKernel = Microsoft.DotNet.Interactive.Kernel;

namespace Backprop.Runner.Compiling;

/// <summary>The assemblies that every cell can use: the framework's, and those that show values.</summary>
internal static class HostReferences
{
    private static readonly string[] Shown = [.. new[] { typeof(CellOutputs), typeof(InteractiveKernel), typeof(Formatter), typeof(IHtmlContent) }.Select(type => type.Assembly.Location)];

    /// <summary>References to them.</summary>
    public static ImmutableArray<MetadataReference> All { get; } =
    [
        .. FrameworkPaths().Select(path => References.To(path, XmlDocumentation.OfFramework)),
        .. Shown.Select(path => References.To(path)),
    ];

    /// <summary>Whether a package's assembly is one of those that show values, of which there can be only one.</summary>
    public static bool Have(string path) => Shown.Any(shown => Path.GetFileName(shown).Equals(Path.GetFileName(path), StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> FrameworkPaths()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location);
        var trusted = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        return trusted.Split(Path.PathSeparator).Where(path => Path.GetDirectoryName(path) == framework);
    }
}

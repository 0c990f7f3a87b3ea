using System.Collections.Immutable;
using Backprop.Runner.Hosting;
using Microsoft.AspNetCore.Html;
using Microsoft.CodeAnalysis;
using Microsoft.DotNet.Interactive.Formatting;
using InteractiveKernel = Microsoft.DotNet.Interactive.Kernel;

namespace Backprop.Runner.Compiling;

/// <summary>The assemblies that every cell can use: those of the framework, and those that display values.</summary>
internal static class HostReferences
{
    private static readonly string[] DisplayAssemblies = [.. new[] { typeof(CellOutputs), typeof(InteractiveKernel), typeof(Formatter), typeof(IHtmlContent) }.Select(type => type.Assembly.Location)];

    private static readonly string[] FrameworkAssemblies = [.. FrameworkPaths()];

    private static readonly Lazy<ImmutableArray<MetadataReference>> References = new(() =>
    [
        .. FrameworkAssemblies.Select(path => Compiling.References.To(path, XmlDocumentation.OfFramework)),
        .. DisplayAssemblies.Select(path => Compiling.References.To(path)),
    ]);

    /// <summary>Their paths.</summary>
    public static IEnumerable<string> Paths => [.. FrameworkAssemblies, .. DisplayAssemblies];

    /// <summary>References to all of them.</summary>
    public static ImmutableArray<MetadataReference> All => References.Value;

    /// <summary>Returns whether an assembly of a package is one of those that display values, which must not be loaded twice.</summary>
    public static bool Include(string path) => DisplayAssemblies.Any(assembly => Path.GetFileName(assembly).Equals(Path.GetFileName(path), StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> FrameworkPaths()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location);
        var trusted = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        return trusted.Split(Path.PathSeparator).Where(path => Path.GetDirectoryName(path) == framework);
    }
}

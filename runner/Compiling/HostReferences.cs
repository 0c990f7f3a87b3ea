using System.Collections.Immutable;
using Microsoft.AspNetCore.Html;
using Microsoft.CodeAnalysis;
using Microsoft.DotNet.Interactive.Formatting;
using InteractiveKernel = Microsoft.DotNet.Interactive.Kernel;

namespace Backprop.Runner.Compiling;

/// <summary>The assemblies that every cell can use: the framework's, and those that show values.</summary>
internal static class HostReferences
{
    public static ImmutableArray<MetadataReference> All { get; } =
    [
        .. FrameworkPaths().Select(path => References.To(path, XmlDocumentation.OfFramework)),
        .. new[] { typeof(InteractiveKernel), typeof(Formatter), typeof(IHtmlContent) }.Select(type => References.To(type.Assembly.Location)),
    ];

    private static IEnumerable<string> FrameworkPaths()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location);
        var trusted = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        return trusted.Split(Path.PathSeparator).Where(path => Path.GetDirectoryName(path) == framework);
    }
}

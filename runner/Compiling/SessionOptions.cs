using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace Backprop.Runner.Compiling;

/// <summary>The compiler options of a session. A run whose cells are all in the compilation cache never creates them.</summary>
/// <param name="workingDirectory">The folder that paths in <c>#load</c> and <c>#r</c> are relative to.</param>
internal sealed class SessionOptions(string workingDirectory)
{
    private static readonly string[] Imports =
    [
        "System",
        "System.Text",
        "System.Collections",
        "System.Collections.Generic",
        "System.Threading.Tasks",
        "System.Linq",
        "Microsoft.DotNet.Interactive.Kernel",
        "Backprop.Runner.Hosting.CellOutputs",
    ];

    private readonly Lazy<ScriptOptions> common = new(() => ScriptOptions.Default
        .WithLanguageVersion(LanguageVersion.Latest)
        .WithOptimizationLevel(OptimizationLevel.Release)
        .WithFileEncoding(Encoding.UTF8)
        .WithMetadataResolver(new ReferenceResolver(workingDirectory)));

    /// <summary>Resolves and reads the files that a submission loads.</summary>
    public SourceReferenceResolver Files { get; } = ScriptSourceResolver.Default.WithBaseDirectory(workingDirectory);

    /// <summary>Returns the assemblies that a submission adds to the session.</summary>
    /// <param name="isFirst">Whether it is the first submission; later ones inherit its imports and references.</param>
    /// <param name="assemblies">The paths of the assemblies of its packages.</param>
    public static IEnumerable<string> ReferencesOf(bool isFirst, IReadOnlyList<string> assemblies) =>
        isFirst ? [.. HostReferences.Paths, .. assemblies] : assemblies;

    /// <summary>Creates the options of a submission.</summary>
    /// <param name="isFirst">Whether it is the first submission; later ones inherit its imports and references.</param>
    /// <param name="assemblies">The paths of the assemblies of its packages.</param>
    /// <param name="files">Resolves and reads the files that it loads.</param>
    public ScriptOptions Create(bool isFirst, IReadOnlyList<string> assemblies, SourceReferenceResolver files)
    {
        var packages = assemblies.Select(path => References.To(path));
        return common.Value
            .WithSourceResolver(files)
            .WithImports(isFirst ? Imports : [])
            .WithReferences(isFirst ? [.. HostReferences.All, .. packages] : packages);
    }
}

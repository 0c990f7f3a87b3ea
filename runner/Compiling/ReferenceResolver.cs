using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace Backprop.Runner.Compiling;

/// <summary>Resolves the assemblies that <c>#r</c> names, and the dependencies of referenced assemblies.</summary>
/// <param name="workingDirectory">The folder that paths are relative to.</param>
internal sealed class ReferenceResolver(string workingDirectory) : MetadataReferenceResolver
{
    private static readonly string Runner = typeof(ReferenceResolver).Assembly.Location;
    private static readonly string Kernel = typeof(Microsoft.DotNet.Interactive.Kernel).Assembly.Location;

    private readonly ScriptMetadataResolver resolver = ScriptMetadataResolver.Default.WithBaseDirectory(workingDirectory);
    private readonly ConcurrentDictionary<string, PortableExecutableReference> hostAssemblies = [];

    /// <inheritdoc/>
    public override bool ResolveMissingAssemblies => true;

    /// <inheritdoc/>
    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference, string? baseFilePath, MetadataReferenceProperties properties) =>
        resolver.ResolveReference(reference, baseFilePath, properties);

    /// <inheritdoc/>
    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity)
    {
        // Cells never need the compiler, on which the runner and the kernel depend. Resolving it would cost every session some 16 MB.
        if (definition is PortableExecutableReference { FilePath: { } file } && IsHostDependency(file, referenceIdentity.Name))
        {
            return null;
        }

        // Roslyn's resolver would read the runner's assemblies into memory, most of which is native code.
        if (hostAssemblies.TryGetValue(referenceIdentity.Name, out var known))
        {
            return known;
        }

        var path = Path.Combine(AppContext.BaseDirectory, referenceIdentity.Name + ".dll");
        return File.Exists(path)
            ? hostAssemblies[referenceIdentity.Name] = References.To(path)
            : resolver.ResolveMissingAssembly(definition, referenceIdentity);
    }

    private static bool IsHostDependency(string file, string name) =>
        file == Runner || (file == Kernel && name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override bool Equals(object? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace Backprop.Runner.Compiling;

/// <summary>Finds the assemblies that <c>#r</c> names, and those that the assemblies in use need.</summary>
/// <param name="workingDirectory">The folder that paths count from.</param>
internal sealed class ReferenceResolver(string workingDirectory) : MetadataReferenceResolver
{
    private static readonly string Runner = typeof(ReferenceResolver).Assembly.Location;
    private static readonly string Kernel = typeof(Microsoft.DotNet.Interactive.Kernel).Assembly.Location;

    private readonly ScriptMetadataResolver resolver = ScriptMetadataResolver.Default.WithBaseDirectory(workingDirectory);
    private readonly ConcurrentDictionary<string, PortableExecutableReference> programs = [];

    /// <inheritdoc/>
    public override bool ResolveMissingAssemblies => true;

    /// <inheritdoc/>
    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference, string? baseFilePath, MetadataReferenceProperties properties) =>
        resolver.ResolveReference(reference, baseFilePath, properties);

    /// <inheritdoc/>
    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity)
    {
        // What a cell uses of the runner and of the kernel needs nothing of the compiler that they are built on, which would cost every session some 16 MB.
        if (definition is PortableExecutableReference { FilePath: { } file } && IsBuiltOn(file, referenceIdentity.Name))
        {
            return null;
        }

        // Roslyn's resolver would read the program's assemblies whole, and most of each is compiled code.
        if (programs.TryGetValue(referenceIdentity.Name, out var known))
        {
            return known;
        }

        var path = Path.Combine(AppContext.BaseDirectory, referenceIdentity.Name + ".dll");
        return File.Exists(path)
            ? programs[referenceIdentity.Name] = References.To(path)
            : resolver.ResolveMissingAssembly(definition, referenceIdentity);
    }

    private static bool IsBuiltOn(string file, string name) =>
        file == Runner || (file == Kernel && name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override bool Equals(object? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

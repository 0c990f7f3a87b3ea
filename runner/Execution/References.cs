using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;

namespace Backprop.Runner.Execution;

/// <summary>References to assemblies for the compiler.</summary>
internal static class References
{
    /// <summary>A reference to an assembly's file, which is mapped into memory where the compiler reads it instead of read whole.</summary>
    public static PortableExecutableReference To(string path)
    {
        var module = ModuleMetadata.CreateFromStream(File.OpenRead(path), PEStreamOptions.Default);
        return AssemblyMetadata.Create(module).GetReference(filePath: path);
    }
}

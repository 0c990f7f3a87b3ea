using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;

namespace Backprop.Runner.Compiling;

/// <summary>References to assemblies for the compiler.</summary>
internal static class References
{
    /// <summary>A reference to an assembly's file, which is mapped into memory where the compiler reads it instead of read whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="documentation">The assembly's doc comments; null for those in the file beside it.</param>
    public static PortableExecutableReference To(string path, DocumentationProvider? documentation = null)
    {
        var module = ModuleMetadata.CreateFromStream(File.OpenRead(path), PEStreamOptions.Default);
        return AssemblyMetadata.Create(module).GetReference(documentation ?? XmlDocumentation.Beside(path), filePath: path);
    }
}

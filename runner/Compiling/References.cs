using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;

namespace Backprop.Runner.Compiling;

/// <summary>Creates references to assemblies for the compiler.</summary>
internal static class References
{
    /// <summary>Creates a reference to an assembly, which the compiler reads on demand instead of loading it into memory.</summary>
    /// <param name="path">The path of the assembly.</param>
    /// <param name="documentation">The doc comments; null for the XML file next to the assembly.</param>
    public static PortableExecutableReference To(string path, DocumentationProvider? documentation = null)
    {
        var module = ModuleMetadata.CreateFromStream(File.OpenRead(path), PEStreamOptions.Default);
        return AssemblyMetadata.Create(module).GetReference(documentation ?? XmlDocumentation.NextTo(path), filePath: path);
    }
}

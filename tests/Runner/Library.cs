using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Backprop.Tests.Runner;

/// <summary>Creates assemblies for cells to reference with <c>#r</c>.</summary>
internal static class Library
{
    /// <summary>Compiles a library that references the core library and the given ones, and replaces the file if it exists.</summary>
    public static void Write(string path, string code, params IEnumerable<string> uses)
    {
        var library = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(path),
            [CSharpSyntaxTree.ParseText(code)],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location), .. uses.Select(path => MetadataReference.CreateFromFile(path))],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        File.Delete(path);
        Assert.True(library.Emit(path).Success);
    }
}

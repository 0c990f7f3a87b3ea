using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Backprop.Tests.Runner;

/// <summary>Assemblies for cells to use by <c>#r</c>.</summary>
internal static class Library
{
    /// <summary>Compiles a library that uses the core library and those given, and replaces the file if it is there.</summary>
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

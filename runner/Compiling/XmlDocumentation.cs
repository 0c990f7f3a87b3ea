using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Backprop.Runner.Compiling;

/// <summary>The doc comments of assemblies, read on demand from their XML files.</summary>
/// <param name="files">Returns the paths of the files.</param>
internal sealed class XmlDocumentation(Func<IEnumerable<string>> files) : DocumentationProvider
{
    /// <summary>The doc comments of the framework, which the SDK includes.</summary>
    public static XmlDocumentation OfFramework { get; } = new(FrameworkFiles);

    /// <summary>Returns the doc comments in the file next to an assembly.</summary>
    public static XmlDocumentation NextTo(string assembly) =>
        new(() => Path.ChangeExtension(assembly, ".xml") is var file && File.Exists(file) ? [file] : []);

    /// <inheritdoc/>
    protected override string? GetDocumentationForSymbol(
        string documentationMemberID, CultureInfo preferredCulture, CancellationToken cancellationToken = default) =>
        files().Select(file => Find(file, documentationMemberID)).FirstOrDefault(comment => comment is not null);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    // Searching the bytes takes milliseconds and keeps nothing in memory.
    private static string? Find(string file, string member)
    {
        var text = File.ReadAllBytes(file).AsSpan();
        var start = Encoding.UTF8.GetBytes($"<member name=\"{member}\">");
        if (text.IndexOf(start) is var found && found < 0)
        {
            return null;
        }

        var comment = text[(found + start.Length)..];
        return comment.IndexOf("</member>"u8) is var end and >= 0 ? Encoding.UTF8.GetString(comment[..end]) : null;
    }

    // The SDK's files are named after reference assemblies, which differ from the assemblies at run time.
    private static IEnumerable<string> FrameworkFiles()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var packs = new DirectoryInfo(Path.Combine(framework, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        return packs.Exists ? packs.EnumerateFiles("*.xml", SearchOption.AllDirectories).Select(file => file.FullName) : [];
    }
}

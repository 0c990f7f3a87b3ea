using System.Security.Cryptography;
using Backprop.Runner.Execution;
using Microsoft.CodeAnalysis;

namespace Backprop.Runner.Compiling;

/// <summary>Tells submissions apart by all that decides what they compile to.</summary>
internal static class SubmissionKey
{
    private static readonly string Compiler = $"{typeof(SubmissionKey).Module.ModuleVersionId} {Environment.Version}";

    /// <summary>The key of a submission; null when it uses assemblies by <c>#r</c>, or files that cannot be read.</summary>
    /// <param name="submission">The submission.</param>
    /// <param name="references">The assemblies that it brings along.</param>
    /// <param name="files">The files that it loads.</param>
    /// <param name="previous">The key of the submission that it follows; null when it is the first.</param>
    public static string? Of(Submission submission, IEnumerable<MetadataReference> references, SourceReferenceResolver files, string? previous)
    {
        var loaded = new List<(string Path, string Text)>();
        try
        {
            if (!Load(submission.Code, submission.Name, files, loaded))
            {
                return null;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return HashOf(
        [
            previous ?? Compiler,
            submission.Name,
            files.NormalizePath(submission.Name, baseFilePath: null) ?? "",
            submission.Code,
            .. references.OfType<PortableExecutableReference>().Select(reference => StateOf(reference.FilePath!)),
            .. loaded.SelectMany(file => new[] { file.Path, file.Text }),
        ]);
    }

    // Whether all that is loaded, one file by another, is C# alone.
    private static bool Load(string code, string path, SourceReferenceResolver files, List<(string Path, string Text)> loaded)
    {
        if (ScriptSyntax.ParseDirectives(code) is not { } root)
        {
            return true;
        }

        foreach (var directive in root.GetLoadDirectives())
        {
            if (files.ResolveReference(directive.File.ValueText, path) is not { } found)
            {
                return false;
            }

            if (loaded.All(file => file.Path != found))
            {
                var text = files.ReadText(found).ToString();
                loaded.Add((found, text));
                if (!Load(text, found, files, loaded))
                {
                    return false;
                }
            }
        }

        return root.GetReferenceDirectives().Count == 0;
    }

    private static string StateOf(string path) =>
        new FileInfo(path) is { Exists: true } file ? $"{path} {file.Length} {file.LastWriteTimeUtc.Ticks}" : path;

    private static string HashOf(IEnumerable<string> parts)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        foreach (var part in parts)
        {
            writer.Write(part);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }
}

using System.Security.Cryptography;
using Backprop.Runner.Execution;
using Microsoft.CodeAnalysis;

namespace Backprop.Runner.Compiling;

/// <summary>Computes cache keys from everything that determines the result of a compilation.</summary>
internal static class SubmissionKey
{
    private static readonly string Compiler = $"{typeof(SubmissionKey).Module.ModuleVersionId} {Environment.Version}";

    /// <summary>Computes the key of a submission; returns null when it references assemblies with <c>#r</c> or a file that it loads cannot be read.</summary>
    /// <param name="submission">The submission.</param>
    /// <param name="references">The paths of the assemblies that it adds to the session.</param>
    /// <param name="files">Resolves and reads the files that it loads.</param>
    /// <param name="previous">The key of the preceding submission; null for the first.</param>
    public static string? Of(Submission submission, IEnumerable<string> references, SourceReferenceResolver files, string? previous)
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
            .. references.Select(StateOf),
            .. loaded.SelectMany(file => new[] { file.Path, file.Text }),
        ]);
    }

    // Collects the loaded files, recursively. Returns false when one is missing or references an assembly.
    private static bool Load(string code, string path, SourceReferenceResolver files, List<(string Path, string Text)> loaded)
    {
        var directives = Directives.Of(code);
        foreach (var directive in directives.Where(directive => directive.Kind == DirectiveKind.Load))
        {
            if (files.ResolveReference(directive.Text, path) is not { } found)
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

        return directives.All(directive => directive.Kind != DirectiveKind.Reference);
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

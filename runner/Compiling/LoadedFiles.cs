using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Backprop.Runner.Compiling;

/// <summary>The files that a submission loads, each with the content of its first read, even when the submission is compiled later.</summary>
/// <param name="files">Resolves and reads the files.</param>
internal sealed class LoadedFiles(SourceReferenceResolver files) : SourceReferenceResolver
{
    private readonly ConcurrentDictionary<(string Path, string? From), string?> paths = [];
    private readonly ConcurrentDictionary<string, SourceText> texts = [];

    /// <inheritdoc/>
    public override string? NormalizePath(string path, string? baseFilePath) => files.NormalizePath(path, baseFilePath);

    /// <inheritdoc/>
    public override string? ResolveReference(string path, string? baseFilePath) =>
        paths.GetOrAdd((path, baseFilePath), static (reference, files) => files.ResolveReference(reference.Path, reference.From), files);

    /// <inheritdoc/>
    public override SourceText ReadText(string resolvedPath) =>
        texts.GetOrAdd(resolvedPath, static (path, files) => files.ReadText(path), files);

    /// <inheritdoc/>
    public override Stream OpenRead(string resolvedPath) => files.OpenRead(resolvedPath);

    /// <inheritdoc/>
    public override bool Equals(object? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

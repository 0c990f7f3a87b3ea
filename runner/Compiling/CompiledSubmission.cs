namespace Backprop.Runner.Compiling;

/// <summary>A compiled submission.</summary>
/// <param name="Compilation">The compilation, which later submissions build on.</param>
/// <param name="Key">The key in the compilation cache, see <see cref="SubmissionKey"/>; null when it cannot be cached.</param>
/// <param name="Image">The result of the compilation.</param>
/// <param name="Assemblies">The names and paths of the assemblies that it references with <c>#r</c>.</param>
internal sealed record CompiledSubmission(
    SubmissionCompilation Compilation, string? Key, SubmissionImage Image, IReadOnlyList<(string Name, string Path)> Assemblies);

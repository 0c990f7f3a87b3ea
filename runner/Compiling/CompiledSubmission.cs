namespace Backprop.Runner.Compiling;

/// <summary>A submission that can be run.</summary>
/// <param name="Compilation">What compiles it, and those that follow.</param>
/// <param name="Key">What tells it apart, see <see cref="SubmissionKey"/>; null when it cannot be remembered.</param>
/// <param name="Image">What it was compiled to.</param>
/// <param name="Assemblies">The names and paths of the assemblies that it uses by <c>#r</c>.</param>
internal sealed record CompiledSubmission(
    SubmissionCompilation Compilation, string? Key, SubmissionImage Image, IReadOnlyList<(string Name, string Path)> Assemblies);

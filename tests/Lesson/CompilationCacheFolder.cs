namespace Backprop.Tests.Lesson;

/// <summary>A temporary folder for the compilation cache of sessions.</summary>
public sealed class CompilationCacheFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

namespace Backprop.Tests.Lesson;

/// <summary>An empty folder in which sessions remember what their cells were compiled to.</summary>
public sealed class CompilationCacheFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

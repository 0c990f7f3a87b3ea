using Backprop.Runner.Documents;

namespace Backprop.Tests.Lesson;

/// <summary>A modified copy of the lesson's two files and the helpers.</summary>
internal sealed class LessonFolder : IDisposable
{
    private static readonly TimeSpan SomeTime = TimeSpan.FromSeconds(1.25);

    /// <summary>Copies the lesson.</summary>
    /// <param name="change">Returns the changed text of a file, given its name and text.</param>
    public LessonFolder(Func<string, string, string>? change = null)
    {
        string[] lesson = [Path.Combine(TestData.Root, "Backprop.dib"), Path.Combine(TestData.Root, "Backprop.ipynb")];
        foreach (var file in TestData.Helpers.Select(helper => Path.Combine(TestData.Root, "helpers", helper)).Concat(lesson))
        {
            var text = File.ReadAllText(file);
            var copy = Path.Combine(Folder, Path.GetRelativePath(TestData.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllText(copy, change?.Invoke(Path.GetFileName(file), text) ?? text);
        }
    }

    /// <summary>The folder of the copy.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory().FullName;

    /// <summary>Runs all cells of the copy.</summary>
    public Task<IReadOnlyList<ExecutedCell>> RunAsync() => RunAsync(Folder);

    /// <summary>Runs all cells of the lesson in a folder, in a session in this process.</summary>
    public static async Task<IReadOnlyList<ExecutedCell>> RunAsync(string folder, string? cacheFolder = null)
    {
        using var session = new LessonCells(folder, cacheFolder);
        var executed = new List<ExecutedCell>();
        var executionCount = 0;
        foreach (var cell in NotebookFile.Read(Path.Combine(folder, "Backprop.dib")).Cells)
        {
            if (cell.Kind != CellKind.Code)
            {
                executed.Add(new ExecutedCell(cell, null, [], SomeTime));
                continue;
            }

            var run = await session.RunAsync("cell", cell.Source);
            Assert.True(run.Succeeded, run.Error?.Message);
            executed.Add(new ExecutedCell(cell, ++executionCount, run.Outputs, SomeTime));
        }

        return executed;
    }

    public void Dispose()
    {
        FormerWorkingDirectory.Leave(Folder);
    }
}

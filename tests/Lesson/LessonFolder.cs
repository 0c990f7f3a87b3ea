using Backprop.Runner.Documents;

namespace Backprop.Tests.Lesson;

/// <summary>A copy of the lesson and its helpers, to be changed and run as a whole.</summary>
internal sealed class LessonFolder : IDisposable
{
    private static readonly TimeSpan SomeTime = TimeSpan.FromSeconds(1.25);

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    /// <summary>Copies the lesson.</summary>
    /// <param name="change">Changes the text of a file, given its name.</param>
    public LessonFolder(Func<string, string, string> change)
    {
        Directory.CreateDirectory(Path.Combine(folder, "helpers"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(TestData.Root, "helpers"), "*.cs").Append(Path.Combine(TestData.Root, "Backprop.dib")))
        {
            File.WriteAllText(Path.Combine(folder, Path.GetRelativePath(TestData.Root, file)), change(Path.GetFileName(file), File.ReadAllText(file)));
        }
    }

    /// <summary>Runs all cells of the copy.</summary>
    public Task<IReadOnlyList<ExecutedCell>> RunAsync() => RunAsync(folder);

    /// <summary>Runs all cells of the lesson that lies in a folder, in a session of this process.</summary>
    public static async Task<IReadOnlyList<ExecutedCell>> RunAsync(string folder)
    {
        using var session = new LessonCells(folder);
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
        Directory.SetCurrentDirectory(AppContext.BaseDirectory);
        Directory.Delete(folder, recursive: true);
    }
}

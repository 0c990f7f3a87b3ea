using Backprop.Runner.Documents;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Tests.Lesson;

/// <summary>A copy of the lesson and its helpers, to be changed and run as a whole.</summary>
internal sealed class LessonFolder : IDisposable
{
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
        var outputs = new OutputLog();
        using var session = new Session(folder, output => outputs.Add(output));
        var executed = new List<ExecutedCell>();
        foreach (var cell in NotebookFile.Read(Path.Combine(folder, "Backprop.dib")).Cells)
        {
            outputs = new OutputLog();
            var isCode = cell.Kind == CellKind.Code;
            Assert.True(!isCode || await session.RunAsync(new Submission("cell", cell.Source), TestContext.Current.CancellationToken), outputs.Outputs.OfType<ErrorOutput>().LastOrDefault()?.Message);
            executed.Add(new ExecutedCell(cell, isCode ? executed.Count(before => before.ExecutionCount is not null) + 1 : null, outputs.Outputs, TimeSpan.FromSeconds(1.25)));
        }

        return executed;
    }

    public void Dispose()
    {
        Directory.SetCurrentDirectory(AppContext.BaseDirectory);
        Directory.Delete(folder, recursive: true);
    }
}

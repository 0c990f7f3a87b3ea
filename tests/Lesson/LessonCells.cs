using Backprop.Runner.Documents;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Tests.Lesson;

/// <summary>A session in which a test runs the lesson's cells, by the numbers they have in the notebook.</summary>
internal sealed class LessonCells : IDisposable
{
    private static readonly Notebook Lesson = NotebookFile.Read(Path.Combine(TestData.Root, "Backprop.dib"));

    private OutputLog outputs = new();

    /// <summary>Opens a session.</summary>
    /// <param name="folder">The folder of the helpers; null for the checkout's own.</param>
    /// <param name="compiledFolder">See <see cref="Session.CompiledFolder"/>.</param>
    public LessonCells(string? folder = null, string? compiledFolder = null) =>
        Session = new Session(folder ?? TestData.Root, output => outputs.Add(output)) { CompiledFolder = compiledFolder };

    public Session Session { get; }

    /// <summary>Runs a cell, with some of its text replaced.</summary>
    public Task<CellRun> RunAsync(int number, params IEnumerable<(string Old, string New)> edits) => RunAsync($"cell {number}", Source(number, edits));

    /// <summary>Runs code of the test's own in the lesson's session.</summary>
    public async Task<CellRun> RunAsync(string name, string code)
    {
        outputs = new OutputLog();
        var ran = await Session.RunAsync(new Submission(name, code), TestContext.Current.CancellationToken);
        return new CellRun(ran, outputs.Outputs);
    }

    /// <summary>The bits of a float32 tensor, or sequence of float, that an expression gives.</summary>
    public async Task<string[]> BitsOfAsync(string expression)
    {
        var run = await RunAsync("probe", $"foreach (var v in {expression}) Console.Write($\"{{BitConverter.SingleToUInt32Bits(v):x8}} \");");
        Assert.True(run.Succeeded, run.Error?.Message);
        return run.Prints.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The text of a cell, with some of it replaced.</summary>
    public static string Source(int number, params IEnumerable<(string Old, string New)> edits)
    {
        var source = Lesson.Cells[number - 1].Source;
        foreach (var (old, @new) in edits)
        {
            Assert.Equal(2, source.Split(old).Length);
            source = source.Replace(old, @new, StringComparison.Ordinal);
        }

        return source;
    }

    public void Dispose() => Session.Dispose();
}

/// <summary>What came of running a cell.</summary>
internal sealed record CellRun(bool Succeeded, IReadOnlyList<CellOutput> Outputs)
{
    public string Prints => string.Concat(Outputs.OfType<StreamOutput>().Where(text => text.Stream == StreamKind.Out).Select(text => text.Text));

    public ErrorOutput? Error => Outputs.OfType<ErrorOutput>().SingleOrDefault();
}

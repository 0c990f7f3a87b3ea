using System.Globalization;
using Backprop.Runner.Documents;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Tests.Lesson;

/// <summary>A session for the lesson's cells, numbered as in the PyTorch notebook.</summary>
/// <remarks>The cell <see cref="Declarations"/> exists only in C#.</remarks>
internal sealed class LessonCells : IDisposable
{
    private static readonly Notebook Lesson = NotebookFile.Read(Path.Combine(TestData.Root, "Backprop.dib"));

    /// <summary>The cell after cell 3 that declares the variables.</summary>
    public const string Declarations = "3b";

    private OutputLog outputs = new();

    /// <summary>Creates the session.</summary>
    /// <param name="folder">The working directory; null for the root of the checkout.</param>
    /// <param name="cacheFolder">See <see cref="Session.CompilationCacheFolder"/>.</param>
    public LessonCells(string? folder = null, string? cacheFolder = null) =>
        Session = new Session(folder ?? TestData.Root, output => outputs.Add(output)) { CompilationCacheFolder = cacheFolder };

    public Session Session { get; }

    /// <summary>Runs the first cells of every session: PyTorch's names, and the declarations.</summary>
    public async Task BeginAsync()
    {
        Assert.True((await RunAsync("3", [])).Succeeded);
        Assert.True((await RunAsync(Declarations, [])).Succeeded);
    }

    /// <summary>Runs a cell with edits.</summary>
    public Task<CellRun> RunAsync(int number, params IEnumerable<(string Old, string New)> edits) => RunAsync(number.ToString(CultureInfo.InvariantCulture), edits);

    /// <inheritdoc cref="RunAsync(int, IEnumerable{ValueTuple{string, string}})"/>
    public Task<CellRun> RunAsync(string cell, IEnumerable<(string Old, string New)> edits) => RunAsync($"cell {cell}", Source(cell, edits));

    /// <summary>Runs other code in the session.</summary>
    public async Task<CellRun> RunAsync(string name, string code)
    {
        outputs = new OutputLog();
        var ran = await Session.RunAsync(new Submission(name, code), TestContext.Current.CancellationToken);
        return new CellRun(ran, outputs.Outputs);
    }

    /// <summary>Returns the bits of an expression, a float32 tensor or a sequence of floats.</summary>
    public async Task<string[]> BitsOfAsync(string expression)
    {
        var run = await RunAsync("probe", $"foreach (var v in {expression}) Console.Write($\"{{BitConverter.SingleToUInt32Bits(v):x8}} \");");
        Assert.True(run.Succeeded, run.Error?.Message);
        return run.Prints.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Returns the source of a cell with edits.</summary>
    public static string Source(int number, params IEnumerable<(string Old, string New)> edits) => Source(number.ToString(CultureInfo.InvariantCulture), edits);

    /// <inheritdoc cref="Source(int, IEnumerable{ValueTuple{string, string}})"/>
    public static string Source(string cell, params IEnumerable<(string Old, string New)> edits)
    {
        var source = Lesson.Cells[IndexOf(cell)].Source;
        foreach (var (old, @new) in edits)
        {
            Assert.Equal(2, source.Split(old).Length);
            source = source.Replace(old, @new, StringComparison.Ordinal);
        }

        return source;
    }

    /// <summary>Returns the index of a cell in the notebook.</summary>
    public static int IndexOf(string cell) =>
        cell == Declarations ? 3 : int.Parse(cell, CultureInfo.InvariantCulture) is var number && number <= 3 ? number - 1 : number;

    /// <summary>The only cell of code that has a text in it.</summary>
    public static string SourceWith(string text) => Lesson.Cells.Single(cell => cell.Kind == CellKind.Code && cell.Source.Contains(text, StringComparison.Ordinal)).Source;

    public void Dispose() => Session.Dispose();
}

/// <summary>The result of running a cell.</summary>
internal sealed record CellRun(bool Succeeded, IReadOnlyList<CellOutput> Outputs)
{
    public string Prints => string.Concat(Outputs.OfType<StreamOutput>().Where(text => text.Stream == StreamKind.Out).Select(text => text.Text));

    public ErrorOutput? Error => Outputs.OfType<ErrorOutput>().SingleOrDefault();
}

using System.Text.Json.Nodes;
using Backprop.Tests.Lesson;

namespace Backprop.Tests.Jupyter;

/// <summary>The lesson in nbconvert and nbclient.</summary>
[Collection(nameof(InstalledKernel))]
public sealed class NotebookTests(InstalledKernel kernel)
{
    // More would exceed the time limit of one script.
    private const int NotebooksPerScript = 6;

    // Executes notebooks in place, with a given working directory, and continues after cells that fail.
    private const string Nbclient =
        """
        import nbformat
        from nbclient import NotebookClient
        folder, *files = sys.argv[1:]
        for file in files:
            notebook = nbformat.read(file, as_version=4)
            NotebookClient(notebook, kernel_name=NAME, allow_errors=True, resources={"metadata": {"path": folder}}).execute()
            nbformat.write(notebook, file)
        """;

    [FullScopeFact]
    public async Task Nbconvert_reproduces_the_saved_outputs()
    {
        kernel.Require();
        Assert.SkipUnless(Rounding.IsThatOfTheReference, "This processor rounds differently from the reference.");
        var lesson = Path.Combine(TestData.Root, "Backprop.ipynb");

        await kernel.RunModuleAsync("nbconvert", "--to", "notebook", "--execute", lesson, "--output-dir", kernel.Folder, "--output", "executed");

        var (saved, executed) = (SavedCell.Read(lesson), SavedCell.Read(Path.Combine(kernel.Folder, "executed.ipynb")));
        Assert.Equal(saved.Keys, executed.Keys);
        Assert.All(saved, cell => Assert.Equal(cell.Value.Shown, executed[cell.Key].Shown));
    }

    [FullScopeFact]
    public async Task Cells_in_any_order_print_and_fail_in_nbclient_as_in_PyTorch()
    {
        kernel.Require();
        var notebooks = RecordedStep.Sequences
            .Where(sequence => sequence.Key.StartsWith("random with the first cell again", StringComparison.Ordinal) || sequence.Value.Count(step => step.Cell == "3") > 1)
            .OrderByDescending(sequence => sequence.Key.StartsWith("random", StringComparison.Ordinal))
            .Select(sequence => (Steps: sequence.Value, File: Write(sequence.Key.Replace(':', ' ') + ".ipynb", sequence.Value.Select(step => LessonCells.Source(step.Cell, step.Edits))))).ToList();

        Assert.True(notebooks.Count >= 25);
        foreach (var some in notebooks.Select(notebook => notebook.File).Chunk(NotebooksPerScript))
        {
            await kernel.RunScriptAsync(Nbclient, [TestData.Root, .. some]);
        }

        Assert.All(notebooks, notebook => Assert.All(
            notebook.Steps.Zip(SavedCell.Read(notebook.File).Values),
            pair => pair.First.AssertSame(pair.Second.Prints, pair.Second.Error)));
    }

    [FullScopeFact]
    public async Task A_mistake_is_an_exception_and_the_kernel_survives()
    {
        kernel.Require();
        string[] start = [.. new[] { "3", LessonCells.Declarations, "5", "7" }.Select(cell => LessonCells.Source(cell))];
        var file = Write("mistakes.ipynb", [.. start, .. Mistakes.Cells.Keys, "print(x[0]);"]);

        await kernel.RunScriptAsync(Nbclient, [TestData.Root, file]);

        var run = SavedCell.Read(file).Values.Skip(start.Length).ToList();
        Assert.All(Mistakes.Cells.Values.Zip(run), pair => Assert.Contains(pair.First, pair.Second.Error, StringComparison.Ordinal));
        Assert.Equal("tensor([0., 0.])\n", run[^1].Prints);
    }

    private string Write(string name, IEnumerable<string> sources)
    {
        var cells = sources.Select(source => new JsonObject
        {
            ["cell_type"] = "code",
            ["execution_count"] = null,
            ["metadata"] = new JsonObject(),
            ["outputs"] = new JsonArray(),
            ["source"] = source,
        });
        var notebook = new JsonObject { ["cells"] = new JsonArray([.. cells]), ["metadata"] = new JsonObject(), ["nbformat"] = 4, ["nbformat_minor"] = 4 };
        var path = Path.Combine(kernel.Folder, name);
        File.WriteAllText(path, notebook.ToJsonString());
        return path;
    }
}

using System.Text.Json.Nodes;
using Backprop.Tests.Lesson;

namespace Backprop.Tests.Jupyter;

/// <summary>The lesson, executed by Jupyter's own programs for that.</summary>
[Collection(nameof(InstalledKernel))]
public sealed class NotebookTests(InstalledKernel kernel)
{
    // Each takes seconds; all of them are run in the session itself.
    private const int Sequences = 6;

    // Executes notebooks where they are written to, with a folder to work in, and goes on after cells that fail.
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

    [Fact]
    public async Task Nbconvert_gives_the_lessons_outputs()
    {
        kernel.Require();
        Assert.SkipUnless(Rounding.IsThatOfTheReference, "This processor rounds differently from the reference.");
        var lesson = Path.Combine(TestData.Root, "Backprop.ipynb");

        await kernel.RunModuleAsync("nbconvert", "--to", "notebook", "--execute", lesson, "--output-dir", kernel.Folder, "--output", "executed");

        var (saved, executed) = (SavedCell.Read(lesson), SavedCell.Read(Path.Combine(kernel.Folder, "executed.ipynb")));
        Assert.Equal(saved.Keys, executed.Keys);
        Assert.All(saved, cell => Assert.Equal(cell.Value.Shown, executed[cell.Key].Shown));
    }

    [Fact]
    public async Task Cells_in_any_order_print_and_fail_in_nbclient_as_the_original_does()
    {
        kernel.Require();
        var notebooks = RecordedStep.Sequences
            .Where(sequence => sequence.Key.StartsWith("random", StringComparison.Ordinal)).Take(Sequences)
            .Select(sequence => (Steps: sequence.Value, File: Write(sequence.Key + ".ipynb", sequence.Value))).ToList();

        Assert.Equal(Sequences, notebooks.Count);
        await kernel.RunScriptAsync(Nbclient, [TestData.Root, .. notebooks.Select(notebook => notebook.File)]);

        Assert.All(notebooks, notebook => Assert.All(
            notebook.Steps.Zip(SavedCell.Read(notebook.File).Values),
            pair => pair.First.AssertSame(pair.Second.Prints, pair.Second.Error)));
    }

    private string Write(string name, IEnumerable<RecordedStep> steps)
    {
        var cells = steps.Select(step => new JsonObject
        {
            ["cell_type"] = "code",
            ["execution_count"] = null,
            ["metadata"] = new JsonObject(),
            ["outputs"] = new JsonArray(),
            ["source"] = LessonCells.Source(step.Cell, step.Edits),
        });
        var notebook = new JsonObject { ["cells"] = new JsonArray([.. cells]), ["metadata"] = new JsonObject(), ["nbformat"] = 4, ["nbformat_minor"] = 4 };
        var path = Path.Combine(kernel.Folder, name);
        File.WriteAllText(path, notebook.ToJsonString());
        return path;
    }
}

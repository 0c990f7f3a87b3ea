using System.Text.Json.Nodes;
using Backprop.Tests.Lesson;

namespace Backprop.Tests.Jupyter;

/// <summary>The lesson, executed by Jupyter's own programs for that.</summary>
[Collection(nameof(InstalledKernel))]
public sealed class NotebookTests(InstalledKernel kernel)
{
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

        var (saved, executed) = (CodeCells(lesson), CodeCells(Path.Combine(kernel.Folder, "executed.ipynb")));
        Assert.Equal(saved.Count, executed.Count);
        Assert.All(saved.Zip(executed), pair => Assert.Equal(Outputs(pair.First), Outputs(pair.Second)));
    }

    [Fact]
    public async Task Cells_in_any_order_print_and_fail_in_nbclient_as_the_original_does()
    {
        kernel.Require();
        var notebooks = RecordedStep.Sequences.Select((sequence, i) => (sequence.Key, Steps: sequence.Value, File: Write($"{i}.ipynb", sequence.Value))).ToList();

        await kernel.RunScriptAsync(Nbclient, [TestData.Root, .. notebooks.Select(notebook => notebook.File)]);

        Assert.All(notebooks, notebook => Assert.All(notebook.Steps.Zip(CodeCells(notebook.File)), pair => pair.First.AssertSame(Prints(pair.Second), Error(pair.Second))));
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

    private static List<JsonNode> CodeCells(string file) =>
        [.. JsonNode.Parse(File.ReadAllText(file))!["cells"]!.AsArray().Where(cell => (string?)cell!["cell_type"] == "code").Select(cell => cell!)];

    // The runner saves a value and a result alike, and joins what is written one after another.
    private static List<string> Outputs(JsonNode cell) =>
        [.. cell["outputs"]!.AsArray().Select(output => output!["data"] is { } data
            ? string.Join('\n', data.AsObject().OrderBy(form => form.Key, StringComparer.Ordinal).Select(form => $"{form.Key}: {Joined(form.Value!)}"))
            : $"{output["name"]}: {Joined(output["text"]!)}")];

    private static string Prints(JsonNode cell) =>
        string.Concat(cell["outputs"]!.AsArray().Where(output => (string?)output!["name"] == "stdout").Select(output => Joined(output!["text"]!)));

    private static string? Error(JsonNode cell) =>
        cell["outputs"]!.AsArray().Where(output => (string?)output!["output_type"] == "error").Select(error => (string?)error!["evalue"]).SingleOrDefault();

    private static string Joined(JsonNode text) => text is JsonArray lines ? string.Concat(lines.Select(line => (string)line!)) : (string)text!;
}

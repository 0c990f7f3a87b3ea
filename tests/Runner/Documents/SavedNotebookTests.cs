using System.Text.Json.Nodes;
using Backprop.Tests.Jupyter;

namespace Backprop.Tests.Runner.Documents;

/// <summary>Notebooks written by other programs: run here, and read back with Jupyter's own library.</summary>
[Parallel]
public sealed class SavedNotebookTests(SavedNotebookTests.Runs runs) : IClassFixture<SavedNotebookTests.Runs>
{
    // Validates all notebooks strictly and converts them to scripts and pages; then prints which of the texts are in the last script and page.
    private const string Readers =
        """
        import sys, nbformat
        from nbconvert import HTMLExporter, ScriptExporter
        files, texts = sys.argv[1].split("|"), sys.argv[2:]
        for file in files:
            notebook = nbformat.read(file, as_version=nbformat.NO_CONVERT)
            nbformat.validate(notebook, repair_duplicate_cell_ids=False)
            script, _ = ScriptExporter().from_notebook_node(notebook)
            page, _ = HTMLExporter().from_notebook_node(notebook)
        print([text in script for text in texts], [text in page for text in texts])
        """;

    [Theory]
    [MemberData(nameof(Samples.Names), MemberType = typeof(Samples))]
    public void A_notebook_of_any_origin_runs(string name)
    {
        Assert.Equal((0, ""), (runs.Ended[name].ExitCode, runs.Ended[name].Error));
        Assert.Contains("\n42", runs.Ended[name].Output, StringComparison.Ordinal);
    }

    [Fact]
    public Task A_notebook_of_any_origin_is_saved_as_valid_for_Jupyter() =>
        JupyterPython.RunAsync(["-c", Readers, string.Join('|', runs.Ended.Keys.Select(runs.PathOf))]);

    [Theory]
    [MemberData(nameof(Samples.Ipynb), MemberType = typeof(Samples))]
    public void A_run_changes_only_outputs_execution_counts_ids_and_Polyglots_editor_language(string name) =>
        Assert.Equal(Unchanged(File.ReadAllText(Samples.Path(name))), Unchanged(File.ReadAllText(runs.PathOf(name))));

    [Fact]
    public void Valid_ids_are_kept_and_others_replaced()
    {
        var odd = Ids("nbformat-4.5-odd.ipynb");

        Assert.Equal("same", odd[0]);
        Assert.Equal(4, odd.Distinct().Count());
        Assert.Equal(["b6a3-picture", "A_code-cell", "raw", "empty"], Ids("jupyter-4.5.ipynb"));
    }

    [Fact]
    public async Task Any_output_is_saved_as_valid_for_Jupyter()
    {
        using var runner = new RunnerProcess();
        runner.Write("a.dib", """"
            #!csharp

            Console.WriteLine("half \ud83d a pair, \0 \b \u001b[31mred\u001b[0m \u0085 \u2028 \ufeff \uffff");
            Console.Error.WriteLine("<b>&amp;</b>");
            "\ud83d\u001b[1mvalue"

            #!csharp

            "{\"a\":[1,2]}".DisplayAs("application/json");
            "{ this is no JSON".DisplayAs("application/vnd.vega.v5+json");
            "<svg xmlns='http://www.w3.org/2000/svg'/>".DisplayAs("image/svg+xml");
            "iVBORw0KGgo=".DisplayAs("image/png");
            "**bold**".DisplayAs("text/markdown");
            "\\alpha".DisplayAs("text/latex");
            "".DisplayAs("text/html");

            #!csharp

            Console.WriteLine(new string('x', 100_000) + "the end of it");

            #!csharp

            throw new InvalidOperationException("half \ud83d, \0 and \u001b[31mred\nof two lines");

            #!csharp

            this does not compile
            """");

        var ended = await runner.RunAsync("a.dib", "--output", "x.ipynb", "--keep-going");

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal("{\"a\":[1,2]}", JsonNode.Parse(runner.Read("x.ipynb"))!["cells"]![1]!["outputs"]![0]!["data"]!["application/json"]!.ToJsonString());
        Assert.Equal(
            "[True, False, False] [True, True, True]",
            (await JupyterPython.RunAsync(["-c", Readers, Path.Combine(runner.Folder, "x.ipynb"), "this does not compile", "xxxthe end of it", "InvalidOperationException: half \uFFFD"])).Trim());
    }

    private List<string> Ids(string name) =>
        [.. JsonNode.Parse(File.ReadAllText(runs.PathOf(name)))!["cells"]!.AsArray().Select(cell => (string)cell!["id"]!)];

    // The notebook without what a run replaces, with sorted keys and joined texts.
    private static string Unchanged(string text)
    {
        var notebook = JsonNode.Parse(text)!.AsObject();
        notebook.Remove("nbformat_minor");
        if ((string?)notebook["metadata"]!["language_info"]?["name"] is "polyglot-notebook" or "C#")
        {
            notebook["metadata"]!["language_info"] = "C#";
        }

        foreach (var cell in notebook["cells"]!.AsArray().Select(cell => cell!.AsObject()))
        {
            string[] replaced = ["id", "outputs", "execution_count"];
            Array.ForEach(replaced, key => cell.Remove(key));
            cell["source"] = cell["source"] is JsonArray lines ? string.Concat(lines.Select(line => (string)line!)).ReplaceLineEndings("\n") : (string)cell["source"]!;
            if ((string?)cell["metadata"]?["vscode"]?["languageId"] == "polyglot-notebook")
            {
                cell["metadata"]!.AsObject().Remove("vscode");
            }

            cell["metadata"] ??= JsonNode.Parse("""{"language_info": {"name": "polyglot-notebook"}, "polyglot_notebook": {"kernelName": "csharp"}}""");
        }

        return Sorted(notebook)!.ToJsonString();
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject json => new JsonObject(json.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, Sorted(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    /// <summary>Runs every sample once.</summary>
    public sealed class Runs : IAsyncLifetime
    {
        private readonly RunnerProcess runner = new();

        internal Dictionary<string, RunnerProcess.Ended> Ended { get; } = [];

        public string PathOf(string name) => Path.Combine(runner.Folder, Path.ChangeExtension(name, ".ipynb"));

        public async ValueTask InitializeAsync()
        {
            foreach (var name in Samples.Names.Select(row => row.Data))
            {
                Ended[name] = await runner.RunAsync(Samples.Path(name), "--output", PathOf(name));
            }
        }

        public ValueTask DisposeAsync()
        {
            runner.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

using System.Text.Json.Nodes;
using Backprop.Runner.Documents;
using Backprop.Runner.Outputs;

namespace Backprop.Tests.Runner.Documents;

public class IpynbFormatTests
{
    [Fact]
    public void Source_may_be_a_string_or_a_list_of_lines()
    {
        var notebook = IpynbFormat.Read(Notebook("""{"cell_type":"code","source":["a\n","b"]}""", """{"cell_type":"code","source":"a\nb"}"""));

        Assert.All(notebook.Cells, cell => Assert.Equal("a\nb", cell.Source));
    }

    [Fact]
    public void A_cell_is_in_its_own_language_or_else_in_the_notebooks()
    {
        var notebook = IpynbFormat.Read(Notebook(
            """{"cell_type":"code","source":"","metadata":{"polyglot_notebook":{"kernelName":"fsharp"}}}""",
            """{"cell_type":"code","source":"","metadata":{"dotnet_interactive":{"language":"pwsh"}}}""",
            """{"cell_type":"code","source":"","metadata":{}}"""));

        Assert.Equal(["fsharp", "pwsh", "csharp"], notebook.Cells.Select(cell => cell.Language));
    }

    [Theory]
    [InlineData("#!csharp\n1", "csharp")]
    [InlineData("\n  \n#!C# \n1", "csharp")]
    [InlineData("#!fsharp\n1", "fsharp")]
    [InlineData("1\n#!fsharp", "csharp")]
    [InlineData("#!time\n1", "csharp")]
    public void A_first_line_with_a_language_applies_and_is_kept(string source, string language)
    {
        var cell = Assert.Single(IpynbFormat.Read(Notebook($$"""{"cell_type":"code","source":{{JsonValue.Create(source).ToJsonString()}}}""")).Cells);

        Assert.Equal((language, source), (cell.Language, cell.Source));
        Assert.Equal(source, string.Concat(Write(cell)["cells"]![0]!["source"]!.AsArray().Select(line => (string)line!)));
    }

    [Theory]
    [InlineData("""{"kernelspec":{"name":"dotnet","language":"C#"}}""", "csharp")]
    [InlineData("""{"language_info":{"name":"polyglot-notebook"}}""", "csharp")]
    [InlineData("""{"kernelspec":{"name":"ir","language":"R"}}""", "ir")]
    public void The_notebooks_language_is_the_first_that_is_known_or_else_the_first_named(string metadata, string language)
    {
        var notebook = IpynbFormat.Read("""{"nbformat":4,"nbformat_minor":2,"cells":[{"cell_type":"code","metadata":{"vscode":{"languageId":"polyglot-notebook"}},"source":"1"}],"metadata":""" + metadata + "}");

        Assert.Equal(language, Assert.Single(notebook.Cells).Language);
    }

    [Fact]
    public void A_python_notebook_has_python_cells()
    {
        var notebook = IpynbFormat.Read(
            """{"nbformat":4,"nbformat_minor":2,"metadata":{"kernelspec":{"name":"python3"}},"cells":[{"cell_type":"code","source":"1"}]}""");

        Assert.Equal("python", Assert.Single(notebook.Cells).Language);
    }

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("[]", "not an object")]
    [InlineData("{}", "no \"nbformat\"")]
    [InlineData("\"text\"", "not an object")]
    [InlineData("""{"nbformat":2,"worksheets":[]}""", "nbformat 2")]
    [InlineData("""{"nbformat":3,"worksheets":[]}""", "nbformat 3")]
    [InlineData("""{"nbformat":5,"cells":[]}""", "nbformat 5")]
    [InlineData("""{"nbformat":4,"nbformat_minor":"5","cells":[]}""", "has the wrong type")]
    [InlineData("""{"nbformat":4,"cells":[],"cells":[]}""", "Duplicate")]
    [InlineData("""{"nbformat":4,"cells":[],"metadata":{"a":"\ud83d"}}""", "half of a surrogate pair")]
    [InlineData("""{"nbformat":4}""", "no \"cells\"")]
    [InlineData("""{"nbformat":4,"cells":[{"cell_type":"heading","source":""}]}""", "cell 1 has the unknown type 'heading'")]
    [InlineData("""{"nbformat":4,"cells":[{"cell_type":"code"}]}""", "cell 1 has no \"source\"")]
    [InlineData("""{"nbformat":"four","cells":[]}""", "has the wrong type")]
    public void Anything_but_a_notebook_in_format_4_is_an_error(string text, string reason)
    {
        Assert.Contains(reason, Assert.Throws<NotebookException>(() => IpynbFormat.Read(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_notebook_from_a_dib_file_gets_metadata_with_which_VS_Code_selects_the_kernel_and_runs_every_cell()
    {
        var json = Write(new Cell(CellKind.Code, "csharp", "1"), new Cell(CellKind.Markdown, "markdown", "text"));

        Assert.Equal(
            """{"kernelspec":{"display_name":".NET (C#)","language":"C#","name":".net-csharp"},"language_info":{"codemirror_mode":"text/x-csharp","file_extension":".cs","mimetype":"text/x-csharp","name":"C#","pygments_lexer":"csharp","version":"14.0"},"polyglot_notebook":{"kernelInfo":{"defaultKernelName":"csharp","items":[{"aliases":[],"languageName":"csharp","name":"csharp"}]}}}""",
            json["metadata"]!.ToJsonString());
        Assert.Equal(
            """{"language_info":{"name":"polyglot-notebook"},"polyglot_notebook":{"kernelName":"csharp"}}""",
            json["cells"]![0]!["metadata"]!.ToJsonString());
        Assert.Equal("{}", json["cells"]![1]!["metadata"]!.ToJsonString());
        Assert.Equal((4, 5), ((int)json["nbformat"]!, (int)json["nbformat_minor"]!));
    }

    [Fact]
    public void Outputs_are_written_as_a_front_end_saves_them()
    {
        var outputs = new OutputLog();
        outputs.Add(new StreamOutput(StreamKind.Out, "a\n"));
        outputs.Add(new StreamOutput(StreamKind.Out, "b"));
        outputs.Add(new StreamOutput(StreamKind.Error, "c"));
        outputs.Add(new ValueOutput(new Dictionary<string, string> { ["text/plain"] = "1", ["text/html"] = "<b>1</b>" }, "d", IsResult: true));
        outputs.Add(new ValueOutput(new Dictionary<string, string> { ["text/plain"] = "2" }, "e", IsResult: false));
        outputs.Add(new ErrorOutput("E", "message", ["at cell 1, line 1"]));

        var json = Write(new Notebook([]), new ExecutedCell(new Cell(CellKind.Code, "csharp", "x"), 7, outputs.Outputs, default));

        Assert.Equal(
            """[{"name":"stdout","output_type":"stream","text":["a\n","b"]},{"name":"stderr","output_type":"stream","text":["c"]},{"data":{"text/html":["\u003Cb\u003E1\u003C/b\u003E"],"text/plain":["1"]},"execution_count":7,"metadata":{},"output_type":"execute_result"},{"data":{"text/plain":["2"]},"metadata":{},"output_type":"display_data"},{"ename":"E","evalue":"message","output_type":"error","traceback":["E: message","at cell 1, line 1"]}]""",
            json["cells"]![0]!["outputs"]!.ToJsonString());
    }

    [Fact]
    public void Unknown_keys_are_kept()
    {
        var notebook = IpynbFormat.Read(
            """{"nbformat":4,"nbformat_minor":5,"metadata":{"mine":1},"ours":{"a":[3]},"cells":[{"cell_type":"markdown","id":"x","source":"![](attachment:a.png)","attachments":{"a.png":{"image/png":"AA=="}},"metadata":{"yours":2}}]}""");

        var json = Write(notebook, new ExecutedCell(notebook.Cells[0], null, [], default));

        Assert.Equal(1, (int)json["metadata"]!["mine"]!);
        Assert.Equal(2, (int)json["cells"]![0]!["metadata"]!["yours"]!);
        Assert.Equal(3, (int)json["ours"]!["a"]![0]!);
        Assert.Equal("x", (string?)json["cells"]![0]!["id"]);
        Assert.Equal("AA==", (string?)json["cells"]![0]!["attachments"]!["a.png"]!["image/png"]);
    }

    [Fact]
    public void Polyglots_editor_language_is_replaced_and_other_languages_are_kept()
    {
        var notebook = IpynbFormat.Read(
            """
            {"nbformat":4,"nbformat_minor":5,"metadata":{"language_info":{"name":"polyglot-notebook"},"mine":1},"cells":[
             {"cell_type":"code","id":"a","source":"1","metadata":{"vscode":{"languageId":"polyglot-notebook"},"yours":2}},
             {"cell_type":"code","id":"b","source":"1","metadata":{"vscode":{"languageId":"csharp"}}}]}
            """);
        var other = IpynbFormat.Read("""{"nbformat":4,"nbformat_minor":5,"metadata":{"language_info":{"name":"csharp","version":"9"}},"cells":[]}""");

        var json = Write(notebook, [.. notebook.Cells.Select(cell => new ExecutedCell(cell, null, [], default))]);

        Assert.Equal(("C#", 1), ((string?)json["metadata"]!["language_info"]!["name"], (int)json["metadata"]!["mine"]!));
        Assert.Equal(["""{"yours":2}""", """{"vscode":{"languageId":"csharp"}}"""], json["cells"]!.AsArray().Select(cell => cell!["metadata"]!.ToJsonString()));
        Assert.Equal("""{"language_info":{"name":"csharp","version":"9"}}""", Write(other)["metadata"]!.ToJsonString());
    }

    [Fact]
    public void An_updated_value_is_saved_in_its_last_form()
    {
        var outputs = new OutputLog();
        outputs.Add(new ValueOutput(new Dictionary<string, string> { ["text/plain"] = "old" }, "d", IsResult: false));
        outputs.Add(new ValueUpdate(new Dictionary<string, string> { ["text/plain"] = "new" }, "d"));

        Assert.Equal("new", Assert.IsType<ValueOutput>(Assert.Single(outputs.Outputs)).Data["text/plain"]);
    }

    private static string Notebook(params string[] cells) =>
        """{"nbformat":4,"nbformat_minor":5,"metadata":{"kernelspec":{"name":".net-csharp"}},"cells":[""" + string.Join(",", cells) + "]}";

    private static JsonNode Write(params Cell[] cells) =>
        Write(new Notebook(cells), [.. cells.Select(cell => new ExecutedCell(cell, null, [], default))]);

    private static JsonNode Write(Notebook notebook, params ExecutedCell[] cells) => JsonNode.Parse(IpynbFormat.Write(notebook, cells))!;
}

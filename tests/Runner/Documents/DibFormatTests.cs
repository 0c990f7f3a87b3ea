using System.Text.Json.Nodes;
using Backprop.Runner.Documents;

namespace Backprop.Tests.Runner.Documents;

public class DibFormatTests
{
    [Fact]
    public void Cells_start_at_language_lines_and_blank_lines_around_them_are_dropped()
    {
        var notebook = DibFormat.Read("#!meta\n\n{\"kernelInfo\":{}}\n\n#!markdown\n\n# Title\n\ntext\n\n#!csharp\n\nvar a = 1;\n\n\nvar b = 2;\n\n");

        Assert.Equal(
            [new Cell(CellKind.Markdown, "markdown", "# Title\n\ntext"), new Cell(CellKind.Code, "csharp", "var a = 1;\n\n\nvar b = 2;")],
            notebook.Cells);
    }

    [Theory]
    [InlineData("#!c#", "csharp")]
    [InlineData("#!csharp", "csharp")]
    [InlineData("#!md", "markdown")]
    [InlineData("#!markdown", "markdown")]
    [InlineData("#!f#", "fsharp")]
    [InlineData("#!pwsh", "pwsh")]
    public void Languages_may_be_given_by_their_aliases(string line, string language)
    {
        Assert.Equal(language, Assert.Single(DibFormat.Read($"{line}\n\ntext").Cells).Language);
    }

    [Fact]
    public void Text_before_the_first_language_line_is_a_csharp_cell()
    {
        Assert.Equal([new Cell(CellKind.Code, "csharp", "1 + 1")], DibFormat.Read("1 + 1\n").Cells);
    }

    [Fact]
    public void A_line_with_no_known_language_is_part_of_its_cell()
    {
        Assert.Equal("#!time\n1", Assert.Single(DibFormat.Read("#!csharp\n\n#!time\n1").Cells).Source);
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_change_nothing()
    {
        var file = Path.GetTempFileName() + ".dib";
        File.WriteAllText(file, "#!markdown\r\n\r\na\r\nb\r\n", new System.Text.UTF8Encoding(true));

        Assert.Equal([new Cell(CellKind.Markdown, "markdown", "a\nb")], NotebookFile.Read(file).Cells);
    }

    [Fact]
    public void Written_cells_read_back_the_same()
    {
        Cell[] cells = [new(CellKind.Markdown, "markdown", "# A\n\n```\n#!unknown\n```"), new(CellKind.Code, "csharp", "\tvar a = \"ä😀\";")];

        Assert.Equal(cells, DibFormat.Read(DibFormat.Write(new Notebook(cells))).Cells);
    }

    [Fact]
    public void A_cell_that_would_be_split_is_an_error_with_cell_and_line()
    {
        var error = Assert.Throws<NotebookException>(() => DibFormat.Write(new Notebook([new Cell(CellKind.Code, "csharp", "var s = @\"\n#!csharp\n\";")])));

        Assert.Contains("Cell 1, line 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Languages_in_the_metadata_start_cells()
    {
        var notebook = DibFormat.Read("""
            #!meta

            {"kernelInfo":{"defaultKernelName":"ruby","items":[{"name":"ruby","aliases":["rb"],"languageName":null}]}}

            #!magic
            1

            #!rb
            2

            #!csharp
            3
            """);

        Assert.Equal([("ruby", "#!magic\n1"), ("ruby", "2"), ("csharp", "3")], notebook.Cells.Select(cell => (cell.Language, cell.Source)));
    }

    [Fact]
    public void A_language_line_inside_a_string_starts_a_cell_as_in_Polyglot() =>
        Assert.Equal(["var s = @\"", "\";"], DibFormat.Read("#!csharp\nvar s = @\"\n#!csharp\n\";").Cells.Select(cell => cell.Source));

    [Fact]
    public void A_notebook_goes_from_ipynb_to_dib_and_back_without_losing_a_cell()
    {
        Cell[] cells =
        [
            new(CellKind.Markdown, "markdown", "# A\n\n #!csharp\n`#!csharp`"),
            new(CellKind.Raw, "raw", "\tas it is  "),
            new(CellKind.Code, "csharp", "var a = \"#!csharp\";\n\n#!time\n  #!csharp"),
            new(CellKind.Code, "ruby", "puts 1"),
            new(CellKind.Code, "csharp", "var s = \"\"\"\n    #!markdown\n    \"\"\";"),
        ];
        var ipynb = IpynbFormat.Read(IpynbFormat.Write(new Notebook(cells), [.. cells.Select(cell => new ExecutedCell(Named(cell), null, [], default))]));

        var back = DibFormat.Read(DibFormat.Write(ipynb));
        var again = IpynbFormat.Read(IpynbFormat.Write(back, [.. back.Cells.Select(cell => new ExecutedCell(Named(cell), null, [], default))]));

        Assert.Equal(cells, back.Cells);
        Assert.Equal(cells, again.Cells.Select(cell => cell with { Original = null }));
    }

    [Fact]
    public void A_first_line_with_the_cells_own_language_is_merged_into_the_line_that_starts_the_cell() =>
        Assert.EndsWith("\n#!csharp\n\n1\n", DibFormat.Write(new Notebook([new Cell(CellKind.Code, "csharp", "#!c#\n1")])), StringComparison.Ordinal);

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a ")]
    public void A_language_that_does_not_fit_on_a_line_is_an_error(string language) =>
        Assert.Contains("Cell 1 is in the language", Assert.Throws<NotebookException>(() => DibFormat.Write(new Notebook([new Cell(CellKind.Code, language, "1")]))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"kernelInfo":{"items":[{"aliases":[]}]}}""")]
    [InlineData("""{"kernelInfo":{"items":1}}""")]
    [InlineData("[]")]
    public void Metadata_in_another_form_is_an_error(string metadata) =>
        Assert.Contains("is not in the form that Polyglot Notebooks writes", Assert.Throws<NotebookException>(() => DibFormat.Read($"#!meta\n{metadata}\n#!csharp\n1")).Message, StringComparison.Ordinal);

    [Fact]
    public void Broken_metadata_is_an_error()
    {
        var error = Assert.Throws<NotebookException>(() => DibFormat.Read("#!meta\n\n{\"kernelInfo\":\n\n#!csharp\n\n1"));

        Assert.Contains("#!meta block at line 1 is not valid JSON", error.Message, StringComparison.Ordinal);
    }

    // An .ipynb cell in another language than its notebook has its language in its metadata.
    private static Cell Named(Cell cell) => cell.Kind == CellKind.Code
        ? cell with { Original = new JsonObject { ["metadata"] = new JsonObject { ["polyglot_notebook"] = new JsonObject { ["kernelName"] = cell.Language } } } }
        : cell;
}

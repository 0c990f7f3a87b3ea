using Backprop.Runner.Documents;

namespace Backprop.Tests.Documents;

public class DibFormatTests
{
    [Fact]
    public void Cells_begin_at_language_lines_and_lose_the_blank_lines_around_them()
    {
        var notebook = DibFormat.Read("#!meta\n\n{\"kernelInfo\":{}}\n\n#!markdown\n\n# Title\n\ntext\n\n#!csharp\n\nvar a = 1;\n\n\nvar b = 2;\n\n");

        Assert.Equal(
            [new Cell(CellKind.Markdown, "markdown", "# Title\n\ntext"), new Cell(CellKind.Code, "csharp", "var a = 1;\n\n\nvar b = 2;")],
            notebook.Cells);
    }

    [Theory]
    [InlineData("#!c#", "csharp")]
    [InlineData("#!md", "markdown")]
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
    public void A_line_that_names_no_language_stays_in_its_cell()
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
    public void What_is_written_reads_back_as_the_same_cells()
    {
        Cell[] cells = [new(CellKind.Markdown, "markdown", "# A\n\n```\n#!unknown\n```"), new(CellKind.Code, "csharp", "\tvar a = \"ä😀\";")];

        Assert.Equal(cells, DibFormat.Read(DibFormat.Write(new Notebook(cells))).Cells);
    }

    [Fact]
    public void A_cell_that_would_fall_in_two_is_refused_by_number_and_line()
    {
        var error = Assert.Throws<NotebookException>(() => DibFormat.Write(new Notebook([new Cell(CellKind.Code, "csharp", "var s = @\"\n#!csharp\n\";")])));

        Assert.Contains("Cell 1, line 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_metadata_is_refused()
    {
        var error = Assert.Throws<NotebookException>(() => DibFormat.Read("#!meta\n\n{\"kernelInfo\":\n\n#!csharp\n\n1"));

        Assert.Contains("#!meta block at line 1 is not JSON", error.Message, StringComparison.Ordinal);
    }
}

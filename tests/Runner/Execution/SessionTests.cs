using Backprop.Runner.Outputs;

namespace Backprop.Tests.Runner.Execution;

public sealed class SessionTests : SessionTest
{
    [Fact]
    public async Task A_cell_sees_what_the_cells_before_it_declared()
    {
        await Run("var a = 41; int Next() => a + 1;");
        await Run("a = 1;");
        await Run("Next()");

        Assert.Equal("2", Text(Assert.IsType<ValueOutput>(Assert.Single(Outputs))));
    }

    [Fact]
    public async Task Outputs_arrive_in_order()
    {
        await Run("""Console.Write("a"); Console.Error.Write("b"); display("c"); Console.WriteLine("d"); "e" """);

        Assert.Collection(
            Outputs,
            output => Assert.Equal(new StreamOutput(StreamKind.Out, "a"), output),
            output => Assert.Equal(new StreamOutput(StreamKind.Error, "b"), output),
            output => Assert.Equal("c", Text(output)),
            output => Assert.Equal("d\n", Assert.IsType<StreamOutput>(output).Text),
            output => Assert.True(Assert.IsType<ValueOutput>(output).IsResult));
    }

    [Theory]
    [InlineData("var a = 1;")]
    [InlineData("Console.Out.Flush()")]
    [InlineData("await Task.Yield()")]
    [InlineData("")]
    [InlineData("// nothing")]
    public async Task A_cell_without_a_trailing_value_shows_none(string code)
    {
        Assert.True(await Run(code));
        Assert.Empty(Outputs);
    }

    [Fact]
    public async Task A_trailing_null_is_shown()
    {
        await Run("(string)null");

        Assert.Equal("<null>", Text(Assert.Single(Outputs)));
    }

    [Fact]
    public async Task A_value_is_formatted_when_it_is_shown()
    {
        await Run("""var list = new List<int> { 1 }; display(list); list.Add(2); list.Display("text/plain");""");

        Assert.Equal(["[ 1 ]", "[ 1, 2 ]"], Outputs.Select(Text));
    }

    [Fact]
    public async Task Text_can_be_shown_as_any_mime_type()
    {
        await Run("""var s = "<b>x</b>".DisplayAs("text/html"); HTML("<i>y</i>")""");

        Assert.Equal(["<b>x</b>", "<i>y</i>"], Outputs.Select(output => ((ValueOutput)output).Data["text/html"]));
    }

    [Fact]
    public async Task A_shown_value_can_be_updated_from_a_later_cell()
    {
        await Run("""var shown = display("old");""");
        await Run("""shown.Update("new");""");

        var value = Assert.IsType<ValueOutput>(Outputs[0]);
        var update = Assert.IsType<ValueUpdate>(Outputs[1]);
        Assert.Equal((value.DisplayId, "new"), (update.DisplayId, update.Data["text/plain"]));
    }

    [Fact]
    public async Task A_registered_formatter_is_used_by_later_cells()
    {
        await Run(
            """
            using Microsoft.DotNet.Interactive.Formatting;
            class Celsius { public double Degrees; }
            Formatter.Register<Celsius>(c => $"{c.Degrees} °C", "text/plain");
            """);
        await Run("new Celsius { Degrees = 20 }");

        Assert.Equal("20 °C", Text(Assert.Single(Outputs)));
    }

    [Fact]
    public async Task A_compile_error_names_the_line_and_leaves_the_session_unchanged()
    {
        await Run("var a = 1;");

        Assert.False(await Run("a = 2;\n  b = 3;", "cell 2"));

        var error = Assert.IsType<ErrorOutput>(Assert.Single(Outputs));
        Assert.Equal("CS0103: The name 'b' does not exist in the current context", error.Message);
        Assert.Equal(["at cell 2, line 2: b = 3;"], error.Traceback);
        Outputs.Clear();
        await Run("a");
        Assert.Equal("1", Text(Assert.Single(Outputs)));
    }

    [Fact]
    public async Task An_exception_has_a_traceback_and_assignments_before_it_persist()
    {
        await Run("int a;\nvoid Fail()\n{\n    throw new InvalidOperationException(\"boo\");\n}", "cell 1");

        Assert.False(await Run("a = 5;\nFail();\na = 6;", "cell 2"));

        var error = Assert.IsType<ErrorOutput>(Assert.Single(Outputs));
        Assert.Equal(("System.InvalidOperationException", "boo"), (error.Name, error.Message));
        Assert.Equal(["at Fail in cell 1, line 4", "at cell 2, line 2"], error.Traceback);
        Outputs.Clear();
        await Run("a");
        Assert.Equal("5", Text(Assert.Single(Outputs)));
    }

    [Fact]
    public async Task The_first_cell_may_fail()
    {
        Assert.False(await Run("throw new Exception();"));
        Assert.True(await Run("var a = 1;"));
    }

    [Fact]
    public async Task Paths_of_loaded_files_are_relative_to_the_notebooks_folder()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "sub"));
        await File.WriteAllTextAsync(Path.Combine(Folder, "sub", "A.cs"), "#load \"B.cs\"\npublic static class A { public static int Two => B.One + 1; }", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Folder, "sub", "B.cs"), "public static class B { public static int One => 1; }", TestContext.Current.CancellationToken);

        await Run("#load \"sub/A.cs\"\nusing static A;\nTwo");

        Assert.Equal("2", Text(Assert.Single(Outputs)));
    }

    [Fact]
    public async Task An_error_in_a_loaded_file_names_that_file_and_line()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "A.cs"), "public static class A\n{\n    public static int One => one;\n}", TestContext.Current.CancellationToken);

        Assert.False(await Run("#load \"A.cs\""));

        Assert.Equal(["at A.cs, line 3: public static int One => one;"], Assert.IsType<ErrorOutput>(Assert.Single(Outputs)).Traceback);
    }

    [FullScopeFact]
    public async Task The_hundredth_cell_costs_no_more_memory_than_the_tenth()
    {
        var costs = new List<long>();
        var before = 0L;
        for (var i = 0; i <= 100; i++)
        {
            await Run("var list = new List<int> { 1 };");
            var after = GC.GetTotalMemory(forceFullCollection: true);
            costs.Add(after - before);
            before = after;
        }

        // The median ignores the cells at which memory of earlier tests is freed.
        Assert.InRange(Median(costs[90..]), 1, 2 * Median(costs[10..20]));

        static long Median(List<long> values) => values.Order().ElementAt(values.Count / 2);
    }

    [Fact]
    public async Task A_missing_file_to_load_is_an_error_that_names_it()
    {
        Assert.False(await Run("#load \"none.cs\"", "cell 3"));

        var error = Assert.IsType<ErrorOutput>(Assert.Single(Outputs));
        Assert.Contains("none.cs", error.Message, StringComparison.Ordinal);
        Assert.Equal(["at cell 3, line 1: #load \"none.cs\""], error.Traceback);
    }

    [Fact]
    public async Task A_magic_is_an_error_that_names_the_line()
    {
        Assert.False(await Run("var a = 1;\n#!time\na", "cell 4"));

        var error = Assert.IsType<ErrorOutput>(Assert.Single(Outputs));
        Assert.Contains("'#!time'", error.Message, StringComparison.Ordinal);
        Assert.Equal(["at cell 4, line 2"], error.Traceback);
    }

    [Theory]
    [InlineData("var s = @\"\n#!time\n\";")]
    [InlineData("// a comment\nvar s = @\"\n#r \"\"nuget: None.At.All, 1.0\"\"\n\";")]
    [InlineData("/*\n#load \"none.cs\"\n*/")]
    [InlineData("#nullable enable\n//#load \"none.cs\"\n//\n#r \"System.Xml\" // a comment\n/*\n#!time */")]
    public async Task A_directive_in_a_string_or_a_comment_is_text(string code)
    {
        Assert.True(await Run(code));
        Assert.Empty(Outputs);
    }

    [Fact]
    public async Task Thread_local_values_persist_from_cell_to_cell()
    {
        await Run("var local = new System.Threading.ThreadLocal<int>(); local.Value = 7;");
        await Run("local.Value");

        Assert.Equal("7", Text(Assert.Single(Outputs)));
    }

    [Fact]
    public async Task Output_of_a_background_task_reaches_its_session()
    {
        await Run("await Task.Run(() => Console.Write(\"from afar\"));");

        Assert.Equal(new StreamOutput(StreamKind.Out, "from afar"), Assert.Single(Outputs));
    }

    private static string Text(CellOutput output) => Assert.IsType<ValueOutput>(output).Data["text/plain"];
}

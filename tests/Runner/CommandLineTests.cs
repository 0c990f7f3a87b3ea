using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Backprop.Tests.Runner;

[Parallel]
public sealed class CommandLineTests : IDisposable
{
    private readonly RunnerProcess runner = new();

    public void Dispose() => runner.Dispose();

    [Fact]
    public async Task The_only_notebook_in_the_folder_is_run()
    {
        runner.Write("a.dib", "#!markdown\n\n# Title\n\n#!csharp\n\nConsole.WriteLine(\"hello\");\n");

        var ended = await runner.RunAsync();

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Contains("[1/2] # Title", ended.Output, StringComparison.Ordinal);
        Assert.Contains("[2/2] Console.WriteLine(\"hello\");", ended.Output, StringComparison.Ordinal);
        Assert.Contains("\nhello", ended.Output, StringComparison.Ordinal);
        Assert.Contains("hello", (string?)JsonNode.Parse(runner.Read("out/a.ipynb"))!["cells"]![1]!["outputs"]![0]!["text"]![0]);
        Assert.Contains("hello", runner.Read("out/a.html"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dib_and_an_ipynb_of_the_same_name_are_one_notebook_and_the_dib_is_run()
    {
        runner.Write("a.dib", "Console.WriteLine(\"from dib\");");
        runner.Write("a.ipynb", "not even JSON");

        var ended = await runner.RunAsync();

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("from dib", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_are_written_only_to_the_given_paths()
    {
        runner.Write("a.dib", "1 + 1");

        var ended = await runner.RunAsync("a.dib", "--output", "x.ipynb", "--html", "sub/x.html");

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(["a.dib", "sub/x.html", "x.ipynb"], TestData.FilesBelow(runner.Folder));
    }

    [Fact]
    public async Task The_working_directory_of_cells_is_the_folder_of_their_notebook()
    {
        runner.Write("sub/a.dib", "Console.WriteLine(System.IO.File.ReadAllText(\"data.txt\"));");
        runner.Write("sub/data.txt", "found");

        var ended = await runner.RunAsync("sub/a.dib");

        Assert.Contains("found", ended.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(runner.Folder, "out", "a.ipynb")));
    }

    [Fact]
    public async Task Paths_may_contain_any_character_and_links_escape_them()
    {
        var name = new string('n', 224) + " #1 %41 ü→😀";
        runner.Write($"a #1 %41 ü/{name}.dib", "#!markdown\n\n[b](b.md#c)\n\n#!csharp\n\n#load \"b #1.cs\"\nB");
        runner.Write("a #1 %41 ü/b #1.cs", "int B = 41;");

        var ended = await runner.RunAsync($"a #1 %41 ü/{name}.dib");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Contains("\n41", ended.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(runner.Folder, "out", name + ".ipynb")));
        Assert.Contains("href=\"../a%20%231%20%2541%20%C3%BC/b.md#c\"", runner.Read($"out/{name}.html"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_terminal_is_an_error_and_the_run_is_saved()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");
        runner.Write("a.dib", "Console.WriteLine(1); 2");

        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "\"$@\" a.dib --output x.ipynb > /dev/full", "sh", .. RunnerProcess.Command])
        {
            WorkingDirectory = runner.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var ended = await RunnerProcess.EndAsync(process);

        Assert.Equal((2, "The outputs could not be written to the terminal: No space left on device"), (ended.ExitCode, ended.Error.Trim()));
        Assert.Equal(2, JsonNode.Parse(runner.Read("x.ipynb"))!["cells"]![0]!["outputs"]!.AsArray().Count);
    }

    [Fact]
    public async Task Without_a_terminal_there_are_no_colours_and_no_redraws()
    {
        runner.Write("a.dib", "#!csharp\n\nConsole.WriteLine(new string('x', 300));\n\n#!csharp\n\nthrow new Exception(\"boo\");");

        var ended = await runner.RunAsync();

        Assert.DoesNotContain('\u001b', ended.Output);
        Assert.DoesNotContain('\r', ended.Output.Replace(Environment.NewLine, "\n", StringComparison.Ordinal));
        Assert.Contains(new string('x', 300), ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_cell_ends_the_run_and_leaves_the_old_file_unchanged()
    {
        runner.Write("a.dib", "#!csharp\n\nvar a = 1;\nthrow new Exception(\"boo\");\n\n#!csharp\n\nConsole.WriteLine(\"later\");");
        runner.Write("x.ipynb", "old");

        var ended = await runner.RunAsync("a.dib", "--output", "x.ipynb");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("System.Exception: boo\n  at cell 1, line 2", ended.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.DoesNotContain("later", ended.Output.Replace("Console.WriteLine(\"later\")", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("old", runner.Read("x.ipynb"));
        Assert.Equal(["a.dib", "x.ipynb", "x.partial.ipynb"], TestData.FilesBelow(runner.Folder));
        Assert.Contains("The run did not finish. The outputs so far are in x.partial.ipynb; x.ipynb was not written.", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_with_the_name_of_a_partial_file_is_left_unchanged()
    {
        runner.Write("a.dib", "1 + 1");
        runner.Write("x.partial.ipynb/mine", "");

        var ended = await runner.RunAsync("a.dib", "--output", "x.ipynb");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Equal(["a.dib", "x.ipynb", "x.partial.ipynb/mine"], TestData.FilesBelow(runner.Folder));
    }

    [Fact]
    public async Task The_heading_of_a_cell_is_truncated()
    {
        runner.Write("a.dib", $"// {new string('x', 5000)} end\n1 + 1");

        var ended = await runner.RunAsync("a.dib", "--output", "x.ipynb");

        Assert.Equal(0, ended.ExitCode);
        Assert.InRange(ended.Output.Length, 300, 500);
        Assert.Contains("xx…", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_can_continue_after_a_failing_cell()
    {
        runner.Write("a.dib", "#!csharp\n\nthrow new Exception(\"boo\");\n\n#!csharp\n\nConsole.WriteLine(1 + 1);");

        var ended = await runner.RunAsync("a.dib", "--keep-going", "--output", "x.ipynb");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("\n2", ended.Output, StringComparison.Ordinal);
        Assert.Equal("error", (string?)JsonNode.Parse(runner.Read("x.ipynb"))!["cells"]![0]!["outputs"]![0]!["output_type"]);
    }

    [Fact]
    public async Task A_time_out_ends_the_run_with_its_own_exit_code()
    {
        runner.Write("a.dib", "#!csharp\n\nConsole.WriteLine(\"begun\");\nwhile (true) { }");
        runner.Write("x.ipynb", "old");

        var ended = await runner.RunAsync("a.dib", "--timeout", "10.5", "--output", "x.ipynb");

        Assert.Equal(3, ended.ExitCode);
        Assert.Contains("begun", ended.Output, StringComparison.Ordinal);
        Assert.Contains("cell 1 did not finish within 10.5 s", ended.Output, StringComparison.Ordinal);
        Assert.Equal("old", runner.Read("x.ipynb"));
    }

    [Theory]
    [InlineData(RunnerProcess.Interrupt, "while (true) { }")]
    [InlineData(RunnerProcess.Interrupt, "Enumerable.Range(0, int.MaxValue).Select(i => Enumerable.Range(0, int.MaxValue).Count(j => j < 0)).Sum()")]
    [InlineData(RunnerProcess.HangUp, "while (true) { }")]
    [InlineData(RunnerProcess.Terminate, "while (true) { }")]
    public async Task A_cancelled_run_ends_with_its_own_exit_code_and_saves_the_outputs_so_far(int signal, string code)
    {
        RunnerProcess.RequireSignal(signal);
        runner.Write("a.dib", $"#!csharp\n\nConsole.WriteLine(\"begun\");\n{code}");
        runner.Write("x.ipynb", "old");
        using var process = runner.Start("a.dib", "--output", "x.ipynb");
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) != "begun")
        {
        }

        RunnerProcess.Send(signal, process.Id);
        var ended = await RunnerProcess.EndAsync(process);

        Assert.Equal(130, ended.ExitCode);
        Assert.Contains("cancelled in cell 1", ended.Output, StringComparison.Ordinal);
        Assert.Equal("begun\n", (string?)JsonNode.Parse(runner.Read("x.partial.ipynb"))!["cells"]![0]!["outputs"]![0]!["text"]![0]);
        Assert.Equal("old", runner.Read("x.ipynb"));
    }

    [Theory]
    [InlineData("none.dib", "none.dib: there is no such file")]
    [InlineData("a.txt", "Give a file whose name ends in .dib or .ipynb")]
    [InlineData("", "Give a file whose name ends in .dib or .ipynb")]
    [InlineData("broken.ipynb", "broken.ipynb: the file is not valid JSON")]
    [InlineData("old.ipynb", "old.ipynb: the notebook is in nbformat 3")]
    [InlineData("package.ipynb", "package.ipynb: the file has no \"nbformat\"")]
    [InlineData("latin.dib", "latin.dib: the file is not UTF-8")]
    [InlineData("a.dib b.dib", "b.dib")]
    [InlineData("a.dib --colour", "--colour")]
    [InlineData("a.dib --timeout soon", "soon")]
    [InlineData("a.dib --timeout 0", "above 0")]
    [InlineData("a.dib --timeout -1", "above 0")]
    [InlineData("a.dib --timeout 1e300", "below 1,000,000")]
    [InlineData("a.dib --output a.dib/x.ipynb", "x.ipynb: the file cannot be written: ")]
    [InlineData("a.dib --output folder.ipynb", "folder.ipynb: the file cannot be written: it is a folder.")]
    [InlineData("a.dib --output a.dib --output b.ipynb", "'--output' expects a single argument")]
    [InlineData("a.dib --output x.txt", "must end in .ipynb")]
    [InlineData("a.dib --html x.htm", "must end in .html")]
    [InlineData("fsharp.dib", "cell 2, line 1 ('let a = 1') is in the language 'fsharp'")]
    [InlineData("python.ipynb", "in the language 'python'")]
    [InlineData("magic.dib", "cell 1, line 2: '#!time'")]
    public async Task Invalid_arguments_and_notebooks_are_errors_before_anything_runs(string arguments, string reason)
    {
        runner.Write("a.dib", "Console.WriteLine(\"ran\");");
        runner.Write("a.txt", "");
        runner.Write("folder.ipynb/kept", "");
        runner.Write("broken.ipynb", "{");
        runner.Write("package.ipynb", """{"name":"a","version":"1.0.0"}""");
        runner.Write("old.ipynb", """{"nbformat":3,"worksheets":[]}""");
        runner.Write("fsharp.dib", "#!csharp\n\nConsole.WriteLine(\"ran\");\n\n#!fsharp\n\nlet a = 1");
        runner.Write("python.ipynb", """{"nbformat":4,"metadata":{"kernelspec":{"name":"python3"}},"cells":[{"cell_type":"code","source":"1"}]}""");
        runner.Write("magic.dib", "#!csharp\n\nConsole.WriteLine(\"ran\");\n#!time\n");
        await File.WriteAllBytesAsync(Path.Combine(runner.Folder, "latin.dib"), [0x2f, 0x2f, 0xe4], TestContext.Current.CancellationToken);

        var ended = await runner.RunAsync(arguments.Split(' '));

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(reason, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("ran", ended.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(runner.Folder, "out")));
    }

    [Theory]
    [InlineData(new string[0], "there is no .dib or .ipynb file here")]
    [InlineData(new[] { "a.dib", "b.ipynb" }, "there are 2 notebooks here (a.dib, b.ipynb)")]
    public async Task Without_an_argument_the_folder_must_have_exactly_one_notebook(string[] files, string reason)
    {
        foreach (var file in files)
        {
            runner.Write(file, "");
        }

        var ended = await runner.RunAsync();

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(reason, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_that_does_not_exist_is_named()
    {
        Sdk.Require();
        runner.Write("a.dib", "#r \"nuget: Backprop.No.Such.Package, 1.0.0\"");

        var ended = await runner.RunAsync();

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("Backprop.No.Such.Package", ended.Output.Split('\n', 2)[1], StringComparison.Ordinal);
        Assert.Contains("at cell 1, line 1", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_to_load_that_does_not_compile_fails_its_cell()
    {
        runner.Write("a.dib", "#load \"A.cs\"\nConsole.WriteLine(1);");
        runner.Write("A.cs", "public static class A\n{\n    public static int One => oops;\n}");

        var ended = await runner.RunAsync();

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("at A.cs, line 3: public static int One => oops;", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_lists_every_option_and_says_that_code_is_run()
    {
        var ended = await runner.RunAsync("--help");

        Assert.Equal(0, ended.ExitCode);
        Assert.All(
            ["FILE", "--output", "--html", "--keep-going", "--timeout", "Running a notebook runs its code"],
            text => Assert.Contains(text, ended.Output, StringComparison.Ordinal));
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Backprop.Tests.Runner.Execution;

/// <summary>Runs a small notebook for each way in which cells affect the runner.</summary>
[Parallel]
public sealed class BehaviourTests : IDisposable
{
    private readonly RunnerProcess runner = new();

    public void Dispose() => runner.Dispose();

    [Fact]
    public async Task Outputs_are_saved_in_order()
    {
        var ended = await Run("Console.Write(1); Console.Error.Write(2); display(3); Console.Write(4); Console.Write(5); 6");

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(["stdout:1", "stderr:2", "display_data:3", "stdout:45", "execute_result:6"], Saved(1).Select(Brief));
    }

    [Fact]
    public async Task Outputs_of_a_failing_cell_are_saved_with_its_error()
    {
        var ended = await Run("Console.WriteLine(\"half\");\nint zero = 0;\nvar b = 1 / zero;", "Console.WriteLine(\"never\");");

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal(["stdout:half", "error:System.DivideByZeroException at cell 1, line 3"], Saved(1, "x.partial.ipynb").Select(Brief));
        Assert.Empty(Saved(2, "x.partial.ipynb"));
    }

    [Fact]
    public async Task The_traceback_of_an_exception_has_only_the_notebooks_own_lines()
    {
        runner.Write("Helper.cs", "static int Half(int n) =>\n    n == 0 ? throw new ArgumentException(\"boo\") : n / 2;");

        await Run("#load \"Helper.cs\"", "int Twice(int n)\n{\n    return new[] { n }.Select(m => Half(m)).Single() * 4;\n}", "// a comment\nTwice(0)");

        var error = Saved(3, "x.partial.ipynb").Single()!;
        Assert.Equal(("System.ArgumentException", "boo"), ((string?)error["ename"], (string?)error["evalue"]));
        var trace = error["traceback"]!.AsArray().Select(line => (string)line!).ToList();
        Assert.Equal(5, trace.Count);
        Assert.Equal("System.ArgumentException: boo", trace[0]);
        Assert.Contains("Half in Helper.cs, line 2", trace[1], StringComparison.Ordinal);
        Assert.Contains("cell 2, line 3", trace[2], StringComparison.Ordinal);
        Assert.Contains("Twice in cell 2, line 3", trace[3], StringComparison.Ordinal);
        Assert.Equal("at cell 3, line 2", trace[4]);
    }

    [Fact]
    public async Task An_assembly_can_be_referenced_by_path_and_finds_the_assemblies_next_to_it()
    {
        var (some, beside) = (Path.Combine(runner.Folder, "some.dll"), Path.Combine(runner.Folder, "beside.dll"));
        Library.Write(beside, "public class Beside { public int Number() => 7; }");
        Library.Write(some, "public class Some { public int Number() => new Beside().Number(); }", beside);

        await Run("#r \"some.dll\"\nnew Some().Number()");

        Assert.Equal("execute_result:7", Brief(Saved(1).Single()));
    }

    [Fact]
    public async Task The_inner_exception_is_named_with_its_location()
    {
        await Run("class C\n{\n    public static int N = int.Parse(\"none\");\n}", "C.N");

        var trace = Saved(2, "x.partial.ipynb").Single()!["traceback"]!.AsArray().Select(line => (string)line!).ToList();
        Assert.Equal("at cell 2, line 1", trace[1]);
        Assert.StartsWith("caused by System.FormatException: The input string 'none'", trace[2], StringComparison.Ordinal);
        Assert.EndsWith("cell 1, line 3", trace[3], StringComparison.Ordinal);
        Assert.Equal(4, trace.Count);
    }

    [Theory]
    [InlineData("new Broken()", "error:System.Exception at ToString in cell 1, line 3")]
    [InlineData("display(new Broken());", "error:System.Exception at ToString in cell 1, line 3at cell 2, line 1")]
    public async Task A_value_whose_formatting_throws_fails_only_its_cell(string code, string error)
    {
        var ended = await Run(["--keep-going"], "class Broken\n{\n    public override string ToString() => throw new Exception(\"boo\");\n}", code, "1");

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal(error, Brief(Saved(2).Single()));
        Assert.Equal("execute_result:1", Brief(Saved(3).Single()));
    }

    [Theory]
    [InlineData("var a = 1;\nvar b = ;", "CS1525", "at cell 2, line 2: var b = ;")]
    [InlineData("while (true)\n{ nothing(); }", "CS0103", "at cell 2, line 2: { nothing(); }")]
    [InlineData("1.ToString();\nwhile (true) int n = 1;", "CS1023", "at cell 2, line 2: while (true) int n = 1;")]
    [InlineData("#load \"Broken.cs\"", "CS0103", "at Broken.cs, line 3: return nothing;")]
    [InlineData("#load \"sub/Loads.cs\"", "CS0103", "at sub/Broken.cs, line 3: return nothing;")]
    [InlineData("#load \"Missing.cs\"", "Missing.cs", "at cell 2, line 1: #load \"Missing.cs\"")]
    public async Task Compile_errors_name_file_and_line(string code, string error, string location)
    {
        runner.Write("Broken.cs", "static int F()\n{\n    return nothing;\n}");
        runner.Write("sub/Broken.cs", "static int F()\n{\n    return nothing;\n}");
        runner.Write("sub/Loads.cs", "#load \"Broken.cs\"");

        var ended = await Run("1", code);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(error, ended.Output, StringComparison.Ordinal);
        Assert.Contains(location, ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_megabyte_of_nonsense_on_one_line_fails_quickly()
    {
        var ended = await Run(string.Concat(Enumerable.Repeat("@#$% ü ", 150_000)))
            .WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("CompilationError: CS", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Loaded_files_load_others_next_to_them_and_cycles_end()
    {
        runner.Write("sub/A.cs", "#load \"B.cs\"\nstatic int A() => B() + 1;");
        runner.Write("sub/B.cs", "#load \"A.cs\"\nstatic int B() => 41;");

        var ended = await Run("#load \"sub/A.cs\"", "A()");

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal("execute_result:42", Brief(Saved(2).Single()));
    }

    [Fact]
    public async Task Empty_cells_and_cells_of_comments_run()
    {
        runner.Write("a.ipynb", """{"nbformat":4,"nbformat_minor":5,"metadata":{"kernelspec":{"name":".net-csharp","language":"C#","display_name":"C#"}},"cells":[{"cell_type":"code","id":"a","metadata":{},"outputs":[],"execution_count":null,"source":""},{"cell_type":"code","id":"b","metadata":{},"outputs":[],"execution_count":null,"source":"// nothing"},{"cell_type":"code","id":"c","metadata":{},"outputs":[],"execution_count":null,"source":" \n\t\n1"}]}""");

        var ended = await runner.RunAsync("a.ipynb", "--output", "x.ipynb");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Equal([0, 0, 1], Enumerable.Range(1, 3).Select(cell => Saved(cell).Count));
    }

    [Theory]
    [InlineData("Console.Write(\"ξ 漢字 עברית ‏‎ 👩‍🔬\");", "ξ 漢字 עברית ‏‎ 👩‍🔬")]
    [InlineData("Console.Write('\\uD83D'); Console.Write('\\uDE00');", "😀")]
    [InlineData("foreach (var c in \"a😀b\") Console.Write(c);", "a😀b")]
    [InlineData("Console.Write('\\uD83D');", "\uFFFD")]
    [InlineData("Console.Write(\"\\ttab\\r\\nline\");", "\ttab\r\nline")]
    public async Task Text_in_any_script_is_saved_unchanged(string code, string text)
    {
        Assert.Equal(0, (await Run(code)).ExitCode);

        Assert.Equal(text, Text(Saved(1).Single()));
    }

    [FullScopeFact]
    public async Task A_million_lines_are_shown_and_saved_truncated_in_bounded_memory()
    {
        runner.Write("a.dib", "#!csharp\n\nfor (var i = 1; i <= 1_000_000; i++) Console.WriteLine($\"line {i}\");\n\n#!csharp\n\n\"after\"");
        using var process = runner.Start("a.dib", "--output", "x.ipynb");
        var ending = RunnerProcess.EndAsync(process);
        long peak = 0;
        while (!ending.IsCompleted)
        {
            try
            {
                process.Refresh();
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                // It has just ended.
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        var ended = await ending;

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(1_000_000, ended.Output.Split('\n').Count(line => line.StartsWith("line ", StringComparison.Ordinal)));
        var saved = Text(Saved(1).Single());
        Assert.InRange(saved.Length, 1_000_000, 2_000_000);
        Assert.StartsWith("line 1\nline 2\n", saved.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.EndsWith("line 999999\nline 1000000\n", saved.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Matches("… truncated: [0-9,]+ lines \\([0-9,]+ characters\\) omitted …", saved);
        Assert.Equal("execute_result:after", Brief(Saved(2).Single()));
        Assert.InRange(peak, 1, 400L << 20);
    }

    [FullScopeFact]
    public async Task A_value_of_50_MB_is_saved_whole()
    {
        var ended = await Run("display(new string('x', 50_000_000)); 1");

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(50_000_000, Text(Saved(1)[0]).Length);
    }

    [Fact]
    public async Task Of_50_MB_of_text_the_beginning_and_the_end_are_saved()
    {
        await Run("Console.Write(\"begin\" + new string('x', 50_000_000) + \"end\");");

        var saved = Text(Saved(1).Single());
        Assert.InRange(saved.Length, 1_000_000, 2_000_000);
        Assert.StartsWith("beginxxx", saved, StringComparison.Ordinal);
        Assert.EndsWith("xxxend", saved, StringComparison.Ordinal);
        Assert.Contains("characters) omitted …", saved, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_sequence_of_values_is_saved_truncated()
    {
        var ended = await Run("for (var i = 0; i < 20_000; i++) display(i);\nthrow new Exception(\"boo\");");

        var saved = Saved(1, "x.partial.ipynb");
        Assert.Equal(1, ended.ExitCode);
        Assert.Equal(10_002, saved.Count);
        Assert.Equal("stderr:… truncated: 10,000 more outputs omitted …", Brief(saved[^2]));
        Assert.StartsWith("error:", Brief(saved[^1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cells_may_await()
    {
        await Run("async Task<int> Later() { await Task.Delay(20); Console.Write(\"later\"); return 3; }\nawait Later()", "var n = await Later();", "n");

        Assert.Equal(["stdout:later", "execute_result:3"], Saved(1).Select(Brief));
        Assert.Equal("execute_result:3", Brief(Saved(3).Single()));
    }

    [Fact]
    public async Task Output_of_other_threads_is_saved_with_the_cell_running_at_the_time()
    {
        var ended = await Run(
            "var go = new System.Threading.ManualResetEventSlim();\nvar thread = new System.Threading.Thread(() => { Console.Write(\"at once\"); go.Wait(); Console.Write(\"late\"); });\nthread.Start();\nSystem.Threading.Thread.Sleep(1000);",
            "go.Set(); thread.Join();");

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal("stdout:at once", Brief(Saved(1).Single()));
        Assert.Equal("stdout:late", Brief(Saved(2).Single()));
    }

    [Fact]
    public async Task A_cell_that_redirects_the_console_redirects_only_itself()
    {
        await Run("var text = new System.IO.StringWriter();\nConsole.SetOut(text);\nConsole.Write(\"caught\");", "Console.Write(\"shown\");", "text.ToString()");

        Assert.Empty(Saved(1));
        Assert.Equal("stdout:shown", Brief(Saved(2).Single()));
        Assert.Equal("execute_result:caught", Brief(Saved(3).Single()));
    }

    [Fact]
    public async Task Output_of_child_processes_is_saved_too()
    {
        var (program, arguments) = OperatingSystem.IsWindows() ? ("cmd", "/c echo from echo") : ("echo", "from echo");

        await Run($"System.Diagnostics.Process.Start(\"{program}\", \"{arguments}\").WaitForExit();\nSystem.Threading.Thread.Sleep(2000);", "1");

        Assert.Equal("stdout:from echo", Brief(Saved(1).Single()));
    }

    [Fact]
    public async Task A_run_ends_while_a_process_that_a_cell_started_keeps_running()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Wine has no program that just waits.");

        await Run("System.Diagnostics.Process.Start(\"sleep\", \"60\").Id");

        using var started = Process.GetProcessById(int.Parse(Text(Saved(1).Single()), CultureInfo.InvariantCulture));
        Assert.False(started.HasExited);
        started.Kill();
    }

    [Fact]
    public async Task Exit_handlers_of_cells_run()
    {
        await Run("AppDomain.CurrentDomain.ProcessExit += (_, _) => System.IO.File.WriteAllText(\"end.txt\", \"done\");");

        Assert.Equal("done", runner.Read("end.txt"));
    }

    [FullScopeTheory]
    [InlineData("junk\\n")]
    [InlineData("{}\\n")]
    [InlineData("half a line, and then the end of the cell")]
    public async Task A_cell_that_writes_into_the_workers_pipe_ends_the_run_with_the_reason(string junk)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The test finds the pipe in /proc, which only Linux has.");

        var ended = await Run(
            "Console.WriteLine(\"first\");",
            $$"""
            var pipe = System.IO.File.OpenWrite("/proc/self/fd/" + Environment.GetCommandLineArgs()[^1]);
            pipe.Write(Encoding.UTF8.GetBytes("{{junk}}"));
            pipe.Flush();
            """);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("wrote into the pipe", ended.Output, StringComparison.Ordinal);
        Assert.Equal("stdout:first", Brief(Saved(1, "x.partial.ipynb").Single()));
    }

    [Theory]
    [InlineData("Environment.Exit(7);", "exited with code 7")]
    [InlineData("int F(int n) => F(n + 1) + F(n + 2);\nF(0)", "stack overflow")]
    [InlineData("Environment.FailFast(\"boo\");", "aborted")]
    [InlineData("Length((IntPtr)8);\n[System.Runtime.InteropServices.DllImport(\"libc\", EntryPoint = \"strlen\")] static extern long Length(IntPtr text);", "SIGSEGV")]
    [InlineData("new System.Threading.Thread(() => throw new Exception(\"nobody catches\")).Start(); System.Threading.Thread.Sleep(10_000);", "aborted")]
    public async Task A_cell_that_ends_its_process_is_named_and_the_outputs_so_far_are_saved(string code, string reason)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && reason == "stack overflow", "Under Wine a stack overflow does not end the process.");
        runner.Write("x.ipynb", "old");
        var (ending, expected) = OperatingSystem.IsWindows()
            ? (code.Replace("libc", "ntdll", StringComparison.Ordinal), reason.Replace("SIGSEGV", "native code", StringComparison.Ordinal))
            : (code, reason);

        var ended = await Run("Console.WriteLine(\"first\");", "Console.WriteLine(\"second\");\n" + ending, "Console.WriteLine(\"third\");");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("cell 2 ended its worker process", ended.Output, StringComparison.Ordinal);
        Assert.Contains(expected, ended.Output, OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        Assert.Equal("old", runner.Read("x.ipynb"));
        Assert.Equal("stdout:first", Brief(Saved(1, "x.partial.ipynb").Single()));
        Assert.Contains("stdout:second", Saved(2, "x.partial.ipynb").Select(Brief));
        Assert.Equal("error", (string?)Saved(2, "x.partial.ipynb")[^1]!["output_type"]);
        Assert.Empty(Saved(3, "x.partial.ipynb"));
    }

    [FullScopeTheory]
    [InlineData("while (true) { }")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("Enumerable.Range(0, int.MaxValue).Select(i => Enumerable.Range(0, int.MaxValue).Count(j => j < 0)).Sum()")]
    public async Task An_endless_cell_times_out(string code)
    {
        var clock = Stopwatch.StartNew();

        var ended = await Run(["--timeout", "10"], "Console.Write(\"begun\");\n" + code, "1");

        Assert.Equal(3, ended.ExitCode);
        Assert.InRange(clock.Elapsed.TotalSeconds, 10, 60);
        Assert.Equal("stdout:begun", Brief(Saved(1, "x.partial.ipynb")[0]));
        Assert.StartsWith("error:Timeout", Brief(Saved(1, "x.partial.ipynb")[^1]), StringComparison.Ordinal);
    }

    [FullScopeFact]
    public async Task A_cell_that_times_out_may_clean_up()
    {
        await Run(["--timeout", "10"], "try { while (true) { } } finally { System.IO.File.WriteAllText(\"cleaned\", \"\"); }");

        Assert.True(File.Exists(Path.Combine(runner.Folder, "cleaned")));
    }

    [Theory]
    [InlineData("Console.ReadLine()")]
    [InlineData("Console.In.ReadToEnd()")]
    [InlineData("Console.Read()")]
    public async Task A_cell_that_reads_input_fails_with_the_reason(string code)
    {
        var ended = await Run(code);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("The cell reads input, but this run is not interactive.", ended.Output, StringComparison.Ordinal);
        Assert.Contains("at cell 1, line 1", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variables_functions_and_types_may_be_redeclared()
    {
        await Run(
            "var a = 1; int F() => 1; class C { public int N => 1; }",
            "var a = \"one\"; string F() => \"two\"; class C { public string N => \"three\"; }",
            "$\"{a} {F()} {new C().N}\"");

        Assert.Equal("execute_result:one two three", Brief(Saved(3).Single()));
    }

    private Task<RunnerProcess.Ended> Run(params string[] cells) => Run([], cells);

    private Task<RunnerProcess.Ended> Run(string[] options, params string[] cells)
    {
        runner.Write("a.dib", string.Concat(cells.Select(cell => $"#!csharp\n\n{cell}\n\n")));
        return runner.RunAsync(["a.dib", "--output", "x.ipynb", .. options]);
    }

    private JsonArray Saved(int cell, string file = "x.ipynb") =>
        JsonNode.Parse(runner.Read(file))!["cells"]![cell - 1]!["outputs"]!.AsArray();

    private static string Text(JsonNode? output) =>
        string.Concat((output!["text"] ?? output["data"]!["text/plain"])!.AsArray().Select(line => (string?)line));

    private static string Brief(JsonNode? output) => (string?)output!["output_type"] switch
    {
        "stream" => $"{output["name"]}:{Text(output).Trim()}",
        "error" => $"error:{output["ename"]} {string.Concat(output["traceback"]!.AsArray().Select(line => (string?)line).Where(line => line!.Contains("cell", StringComparison.Ordinal))).Trim()}",
        var kind => $"{kind}:{Text(output).Trim()}",
    };
}

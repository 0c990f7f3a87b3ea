using System.Runtime.Versioning;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Tests.Runner.Compiling;

/// <summary>Sessions with a compilation cache show exactly what they would show without it.</summary>
public sealed class CompilationCacheTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory().FullName;

    public CompilationCacheTests() => Directory.CreateDirectory(Folder);

    // Each cell uses declarations of earlier cells, in ways for which the compiler generates names.
    public static TheoryData<string[]> Notebooks { get; } =
    [
        new string[] { "var a = 1;", "a += 2; a", "int Twice(int n) => n * a;", "Twice(5)", "(Twice(a), a)" },
        new string[] { "var p = new { X = 1, Y = \"a\" };", "p", "var q = new { X = 2, Y = \"b\" };", "p = q; p", "new[] { p, new { X = 3, Y = \"c\" } }.Sum(r => r.X)" },
        new string[] { "using System.Text.RegularExpressions;", "Regex.Replace(\"abc\", \"b\", \"-\")", "new Regex(\"^a\").IsMatch(\"abc\")" },
        new string[] { "// nothing to run", "", "1", "// nothing again\n", "2 + 2" },
        new string[] { "record Point(int X, int Y) { public int Sum => X + Y; }", "var p = new Point(1, 2);", "record Point(string Name);", "(p, p.Sum, new Point(\"n\"))" },
        new string[] { "async Task<int> Later() { await Task.Delay(1); return 3; }", "var n = await Later();", "n", "Func<int, Task<int>> f = async m => m * await Later();", "await f(n)" },
        new string[] { "static int Half(this int n) => n / 2;", "8.Half()", "IEnumerable<int> Halves(int n) { while (n > 0) { yield return n = n.Half(); } }", "string.Join(' ', Halves(9))" },
        new string[] { "var first = 1;\nthrow new InvalidOperationException(\"stop\");", "first", "int zero = 0;\n\n1 / zero", "first + zero" },
        new string[] { "var a = 1;", "int wrong = nothing;", "a", "a; b", "a + 1" },
        new string[] { "Console.WriteLine(\"text\")", "Console.Write(\"text\");", "(object)null", "default(int?)", "display(3);" },
        new string[] { "dynamic d = 3;", "d + 1", "unsafe int Size() => sizeof(nint);", "Size()", "delegate int Op(int n);", "Op twice = n => 2 * n;", "twice(4)" },
        new string[] { "enum Colour { Red, Green }", "Colour.Green switch { Colour.Green => \"g\", _ => \"?\" }", "typeof(Colour).Name", "T Same<T>(T t) where T : struct => t;", "Same(Colour.Red)" },
    ];

    private string Folder => Path.Combine(root, "notebook");

    private string Cache => Path.Combine(root, "cache");

    private string[] Files => Directory.GetFiles(Cache);

    public void Dispose() => FormerWorkingDirectory.Leave(root);

    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task Cells_show_the_same_however_many_of_them_are_cached(string[] cells)
    {
        var expected = await ShownAsync(cells, cached: false);

        for (var cached = 0; cached <= cells.Length; cached++)
        {
            if (Directory.Exists(Cache))
            {
                Directory.Delete(Cache, recursive: true);
            }

            await ShownAsync(cells[..cached]);
            Assert.Equal(expected, await ShownAsync(cells));
        }
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task Cells_that_are_compiled_ahead_show_the_same(string[] cells) =>
        Assert.Equal(await ShownAsync(cells, cached: false), await ShownAsync(cells, ahead: true));

    [Fact]
    public async Task The_cells_that_follow_are_compiled_while_a_cell_runs() =>
        Assert.Equal(["value 3", "value 1", "value 2"], await ShownAsync([$"{AfterCompiled(3)}\ncompiled", "1", "2"], ahead: true));

    [Fact]
    public async Task A_file_that_changes_after_a_cell_was_compiled_ahead_is_loaded_again()
    {
        Write("a.cs", "int A() => 1;");
        var change = $"{AfterCompiled(3)}\nSystem.IO.File.WriteAllText(\"a.cs\", \"int A() => 2;\");";

        Assert.Equal(["value 2"], await ShownAsync([change, "#load \"a.cs\"", "A()"], ahead: true));
    }

    [Fact]
    public async Task On_a_cache_hit_nothing_is_compiled()
    {
        await ShownAsync(["1"]);
        var one = Assert.Single(Files);
        await ShownAsync(["2"]);
        File.Copy(one, Assert.Single(Files, file => file != one), overwrite: true);

        Assert.Equal(["value 1"], await ShownAsync(["2"]));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    [UnsupportedOSPlatform("windows")]
    public async Task A_cache_that_other_users_can_write_to_is_ignored(UnixFileMode others)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other permissions.");
        await On_a_cache_hit_nothing_is_compiled();
        File.SetUnixFileMode(Cache, File.GetUnixFileMode(Cache) | others);

        Assert.Equal(["value 2"], await ShownAsync(["2"]));
    }

    [Fact]
    public async Task The_same_cell_after_different_cells_is_a_cache_miss()
    {
        Assert.Equal(["value 1"], await ShownAsync(["var a = 1;", "a"]));
        Assert.Equal(["value 2"], await ShownAsync(["var a = 2;", "a"]));
        Assert.Equal(["value 3"], await ShownAsync(["var a = 1;", "a = 3;", "a"]));
        Assert.Equal(["value 1"], await ShownAsync(["var a = 1;", "a"]));
    }

    [Theory]
    [InlineData("#load")]
    [InlineData(" # load")]
    [InlineData("// a comment\r#load")]
    [InlineData("/* a comment */\u2028\t#load")]
    [InlineData("#nullable enable\r\n#load")]
    [InlineData("#if true\n#endif\n#load")]
    [InlineData("\u2028\n\r// a comment\n  \t#  load")]
    public async Task A_change_in_a_loaded_file_is_noticed_at_any_depth(string load)
    {
        string[] cells = ["#load \"a.cs\"", "A()"];
        Write("a.cs", $"{load} \"b.cs\"\nint A() => B();");
        Write("b.cs", "#load \"a.cs\"\nint B() => 1;");
        Assert.Equal(["value 1"], await ShownAsync(cells));

        Write("b.cs", "int B() => 2;");
        Assert.Equal(["value 2"], await ShownAsync(cells));

        Write("a.cs", "int A() => 3;");
        Assert.Equal(["value 3"], await ShownAsync(cells));

        File.Delete(Path.Combine(Folder, "a.cs"));
        Assert.StartsWith("CompilationError CS1504", (await ShownAsync(cells))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cached_cell_that_is_compiled_later_is_compiled_from_the_files_that_ran()
    {
        Write("a.cs", "int A() => 1;");
        await ShownAsync(["#load \"a.cs\""]);

        Assert.Equal(["value 1"], await ShownAsync(["#load \"a.cs\"", "A()"], afterEach: () => Write("a.cs", "string B() => 2;")));
    }

    [Fact]
    public async Task Warming_up_the_compiler_changes_no_result()
    {
        string[] cells = ["var p = new { X = 1 };", "async Task<int> Later() { await Task.Delay(1); return 3; }", "p = new { X = 2 }; p", "var n = await Later();", "n + p.X"];
        await ShownAsync(cells[..2]);

        Assert.Equal(await ShownAsync(cells, cached: false), await ShownAsync(cells, warmUp: true));
    }

    [Fact]
    public async Task A_change_in_a_referenced_assembly_is_noticed()
    {
        var path = Path.Combine(Folder, "some.dll");
        string[] cells = ["#r \"some.dll\"", "Some.Number", "1"];
        Library.Write(path, "public class Some { public const int Number = 1; }");
        Assert.Equal(["value 1", "value 1"], await ShownAsync(cells));

        Library.Write(path, "public class Some { public const int Number = 2; }");
        Assert.Equal(["value 2", "value 1"], await ShownAsync(cells));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(2000)]
    public async Task A_truncated_cache_entry_is_compiled_again(int length)
    {
        await ShownAsync(["var a = 1;", "a"]);
        foreach (var file in Files)
        {
            await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, Cancellation)).Take(length).ToArray(), Cancellation);
        }

        Assert.Equal(["value 1"], await ShownAsync(["var a = 1;", "a"]));
        Assert.All(Files, file => Assert.True(new FileInfo(file).Length > 2000));
    }

    [Fact]
    public async Task Without_a_writable_cache_cells_still_run()
    {
        await File.WriteAllTextAsync(Cache, "a file", Cancellation);

        Assert.Equal(["value 1"], await ShownAsync(["var a = 1;", "a"]));
        Assert.Equal("a file", await File.ReadAllTextAsync(Cache, Cancellation));
    }

    [Fact]
    public async Task The_least_recently_used_entries_are_evicted()
    {
        await ShownAsync(["1"]);
        var used = Assert.Single(Files);
        for (var i = 0; i < 1100; i++)
        {
            var other = Path.Combine(Cache, $"{i}");
            await File.WriteAllTextAsync(other, "", Cancellation);
            File.SetLastWriteTimeUtc(other, DateTime.UtcNow.AddDays(-i - 1));
        }

        File.SetLastWriteTimeUtc(used, DateTime.UtcNow.AddDays(-5000));
        await ShownAsync(["1"]);
        await ShownAsync(["2"]);

        Assert.Equal(1001, Files.Length);
        Assert.Contains(used, Files);
        Assert.True(File.Exists(Path.Combine(Cache, "998")));
        Assert.False(File.Exists(Path.Combine(Cache, "999")));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Only_the_user_can_access_the_cache()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows a folder inherits its permissions from its parent, which is the user's own.");
        await ShownAsync(["1"]);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Cache));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_interrupted_cell_can_run_again(bool isCached)
    {
        if (!isCached)
        {
            await File.WriteAllTextAsync(Cache, "a file", Cancellation);
        }

        var cell = new Submission("cell 1", "using System.IO;\nvar n = 5; Console.Write(\"begun\"); if (!File.Exists(\"go\")) await Task.Delay(-1);");
        var shown = new List<string>();
        using var interrupt = new CancellationTokenSource();
        using var session = new Session(Folder, Show) { CompilationCacheFolder = Cache };

        await Assert.ThrowsAsync<OperationCanceledException>(() => session.RunAsync(cell, interrupt.Token));
        Write("go", "");
        Assert.True(await session.RunAsync(cell, Cancellation));
        Assert.True(await session.RunAsync(new Submission("cell 2", "n"), Cancellation));

        Assert.Equal(["text begun", "text begun", "value 5"], shown);

        void Show(CellOutput output)
        {
            shown.Add(Brief(output));
            interrupt.CancelAfter(100);
        }
    }

    [Fact]
    public async Task The_traceback_of_a_cached_cell_names_the_cells_in_any_folder()
    {
        string[] cells = ["int Fail() => throw new InvalidOperationException(\"stop\");", "Fail();"];
        var expected = await ShownAsync(cells, cached: false);
        Assert.EndsWith("Fail in cell 1, line 1\nat cell 2, line 1", expected.Single(), StringComparison.Ordinal);
        var other = Directory.CreateDirectory(Path.Combine(root, "other")).FullName;

        Assert.Equal(expected, await ShownAsync(cells));
        Assert.Equal(expected, await ShownAsync(cells, folder: other));
        Assert.Equal(expected, await ShownAsync(cells));
    }

    [Fact]
    public async Task Completion_sees_the_declarations_of_cached_cells()
    {
        await ShownAsync(["int Cached(int n) => n;"]);
        using var session = new Session(Folder, _ => { }) { CompilationCacheFolder = Cache };
        await session.RunAsync(new Submission("cell 1", "int Cached(int n) => n;"), Cancellation);

        Assert.Equal("Cached", (await session.CompleteAsync("Cach", 4, Cancellation)).Items[0].Text);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // A cell that waits until a number of cells are compiled, this one among them.
    private static string AfterCompiled(int count) =>
        $"int Compiled() => System.IO.Directory.GetFiles(\"../cache\").Length;\nfor (var i = 0; i < 3000 && Compiled() < {count}; i++) System.Threading.Thread.Sleep(10);\nvar compiled = Compiled();";

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);

    private async Task<List<string>> ShownAsync(IEnumerable<string> cells, bool cached = true, bool warmUp = false, bool ahead = false, Action? afterEach = null, string? folder = null)
    {
        var shown = new List<string>();
        using var session = new Session(folder ?? Folder, output => shown.Add(Brief(output))) { CompilationCacheFolder = cached ? Cache : null };
        List<Submission> submissions = [.. cells.Select((cell, index) => new Submission($"cell {index + 1}", cell))];
        session.Expect(ahead ? submissions : []);
        foreach (var submission in submissions)
        {
            await session.RunAsync(submission, Cancellation);
            afterEach?.Invoke();
            if (warmUp)
            {
                _ = session.WarmUpCompilerAsync();
            }
        }

        return shown;
    }

    private static string Brief(CellOutput output) => output switch
    {
        StreamOutput stream => $"text {stream.Text}",
        ValueOutput value => $"value {value.Data["text/plain"]}",
        ErrorOutput error => $"{error.Name} {error.Message}\n{string.Join('\n', error.Traceback)}",
        _ => throw new ArgumentOutOfRangeException(nameof(output)),
    };
}

using System.Runtime.Versioning;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Tests.Runner.Compiling;

/// <summary>Sessions that remember what their cells were compiled to show nothing but what they would show without.</summary>
public sealed class CompilationCacheTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory().FullName;

    public CompilationCacheTests() => Directory.CreateDirectory(Folder);

    // Each cell uses what those before it declared, in ways for which the compiler makes up names of its own.
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

    private string Compiled => Path.Combine(root, "compiled");

    private string[] Files => Directory.GetFiles(Compiled);

    public void Dispose()
    {
        Directory.SetCurrentDirectory(AppContext.BaseDirectory);
        Directory.Delete(root, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task Cells_show_the_same_however_many_of_them_are_remembered(string[] cells)
    {
        var expected = await ShownAsync(cells, remembered: false);

        for (var remembered = 0; remembered <= cells.Length; remembered++)
        {
            if (Directory.Exists(Compiled))
            {
                Directory.Delete(Compiled, recursive: true);
            }

            await ShownAsync(cells[..remembered]);
            Assert.Equal(expected, await ShownAsync(cells));
        }
    }

    [Fact]
    public async Task What_is_remembered_is_not_compiled_again()
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
    public async Task Where_others_can_write_nothing_is_believed(UnixFileMode others)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other rights.");
        await What_is_remembered_is_not_compiled_again();
        File.SetUnixFileMode(Compiled, File.GetUnixFileMode(Compiled) | others);

        Assert.Equal(["value 2"], await ShownAsync(["2"]));
    }

    [Fact]
    public async Task The_same_cell_after_other_cells_is_another_cell()
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
    public async Task A_file_that_is_loaded_is_read_again_and_so_is_what_it_loads(string load)
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
    public async Task What_is_compiled_late_is_what_ran()
    {
        Write("a.cs", "int A() => 1;");
        await ShownAsync(["#load \"a.cs\""]);

        Assert.Equal(["value 1"], await ShownAsync(["#load \"a.cs\"", "A()"], afterEach: () => Write("a.cs", "string B() => 2;")));
    }

    [Fact]
    public async Task What_was_made_ready_meanwhile_goes_on_as_what_was_not()
    {
        string[] cells = ["var p = new { X = 1 };", "async Task<int> Later() { await Task.Delay(1); return 3; }", "p = new { X = 2 }; p", "var n = await Later();", "n + p.X"];
        await ShownAsync(cells[..2]);

        Assert.Equal(await ShownAsync(cells, remembered: false), await ShownAsync(cells, prepared: true));
    }

    [Fact]
    public async Task An_assembly_that_is_named_is_read_again()
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
    public async Task What_is_remembered_only_in_part_is_compiled_again(int length)
    {
        await ShownAsync(["var a = 1;", "a"]);
        foreach (var file in Files)
        {
            await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, Cancelled)).Take(length).ToArray(), Cancelled);
        }

        Assert.Equal(["value 1"], await ShownAsync(["var a = 1;", "a"]));
        Assert.All(Files, file => Assert.True(new FileInfo(file).Length > 2000));
    }

    [Fact]
    public async Task Where_nothing_can_be_remembered_cells_run_all_the_same()
    {
        await File.WriteAllTextAsync(Compiled, "a file", Cancelled);

        Assert.Equal(["value 1"], await ShownAsync(["var a = 1;", "a"]));
        Assert.Equal("a file", await File.ReadAllTextAsync(Compiled, Cancelled));
    }

    [Fact]
    public async Task What_was_not_used_for_longest_is_forgotten()
    {
        await ShownAsync(["1"]);
        var used = Assert.Single(Files);
        for (var i = 0; i < 1100; i++)
        {
            var other = Path.Combine(Compiled, $"{i}");
            await File.WriteAllTextAsync(other, "", Cancelled);
            File.SetLastWriteTimeUtc(other, DateTime.UtcNow.AddDays(-i - 1));
        }

        File.SetLastWriteTimeUtc(used, DateTime.UtcNow.AddDays(-5000));
        await ShownAsync(["1"]);
        await ShownAsync(["2"]);

        Assert.Equal(1001, Files.Length);
        Assert.Contains(used, Files);
        Assert.True(File.Exists(Path.Combine(Compiled, "998")));
        Assert.False(File.Exists(Path.Combine(Compiled, "999")));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Only_the_user_can_read_or_write_what_is_remembered()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows a folder has the rights of the one it is in, which is the user's own.");
        await ShownAsync(["1"]);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Compiled));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cell_that_was_interrupted_and_did_not_end_runs_again(bool canBeRemembered)
    {
        if (!canBeRemembered)
        {
            await File.WriteAllTextAsync(Compiled, "a file", Cancelled);
        }

        var cell = new Submission("cell 1", "using System.IO;\nvar n = 5; Console.Write(\"begun\"); if (!File.Exists(\"go\")) await Task.Delay(-1);");
        var shown = new List<string>();
        using var interrupt = new CancellationTokenSource();
        using var session = new Session(Folder, Show) { CompilationCacheFolder = Compiled };

        await Assert.ThrowsAsync<OperationCanceledException>(() => session.RunAsync(cell, interrupt.Token));
        Write("go", "");
        Assert.True(await session.RunAsync(cell, Cancelled));
        Assert.True(await session.RunAsync(new Submission("cell 2", "n"), Cancelled));

        Assert.Equal(["text begun", "text begun", "value 5"], shown);

        void Show(CellOutput output)
        {
            shown.Add(Brief(output));
            interrupt.CancelAfter(100);
        }
    }

    [Fact]
    public async Task The_trace_of_an_exception_names_the_notebooks_own_cells_in_every_folder()
    {
        string[] cells = ["int Fail() => throw new InvalidOperationException(\"stop\");", "Fail();"];
        var expected = await ShownAsync(cells, remembered: false);
        Assert.EndsWith("Fail in cell 1, line 1\nat cell 2, line 1", expected.Single(), StringComparison.Ordinal);
        var other = Directory.CreateDirectory(Path.Combine(root, "other")).FullName;

        Assert.Equal(expected, await ShownAsync(cells));
        Assert.Equal(expected, await ShownAsync(cells, folder: other));
        Assert.Equal(expected, await ShownAsync(cells));
    }

    [Fact]
    public async Task Someone_who_types_sees_what_remembered_cells_declared()
    {
        await ShownAsync(["int Remembered(int n) => n;"]);
        using var session = new Session(Folder, _ => { }) { CompilationCacheFolder = Compiled };
        await session.RunAsync(new Submission("cell 1", "int Remembered(int n) => n;"), Cancelled);

        Assert.Equal("Remembered", (await session.CompleteAsync("Rememb", 6, Cancelled)).Items[0].Text);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);

    private async Task<List<string>> ShownAsync(IEnumerable<string> cells, bool remembered = true, bool prepared = false, Action? afterEach = null, string? folder = null)
    {
        var shown = new List<string>();
        using var session = new Session(folder ?? Folder, output => shown.Add(Brief(output))) { CompilationCacheFolder = remembered ? Compiled : null };
        foreach (var (index, cell) in cells.Index())
        {
            await session.RunAsync(new Submission($"cell {index + 1}", cell), Cancelled);
            afterEach?.Invoke();
            if (prepared)
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

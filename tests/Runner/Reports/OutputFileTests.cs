using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;

namespace Backprop.Tests.Runner.Reports;

/// <summary>The files that a run writes: complete or unchanged, and no others.</summary>
[Parallel]
public sealed class OutputFileTests : IDisposable
{
    private readonly RunnerProcess runner = new();

    public OutputFileTests() => runner.Write("a.dib", "Console.WriteLine(new string('x', 200_000) + \"end\");");

    public void Dispose() => runner.Dispose();

    [Theory]
    [InlineData("size=64k", "No space left on device", "x.html\n")]
    [InlineData("size=64k,remount,ro", "Read-only file system", "")]
    public async Task When_a_disk_cannot_be_written_to_the_error_names_the_file_and_the_old_version_and_the_other_file_survive(string mount, string reason, string other)
    {
        var ended = await runner.RunInOwnMountsAsync(
            "mkdir disk",
            "mount -t tmpfs -o size=64k tmpfs disk",
            "echo old > disk/x.ipynb",
            $"mount -t tmpfs -o remount,{mount} tmpfs disk",
            "\"$@\" a.dib --output disk/x.ipynb --html x.html > printed; code=$?",
            "ls -A disk; cat disk/x.ipynb; ls | grep html; exit $code");

        Assert.Equal((2, "x.ipynb\nold\n" + other), (ended.ExitCode, ended.Output));
        Assert.Contains("disk/x.ipynb: the file cannot be written: " + reason, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notebook_may_be_its_own_output()
    {
        await runner.RunAsync("a.dib", "--output", "x.ipynb");
        var before = runner.Read("x.ipynb");

        var ended = await runner.RunAsync("x.ipynb", "--output", "x.ipynb");

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(before, runner.Read("x.ipynb"));
        Assert.Equal(["a.dib", "x.ipynb"], Names());
    }

    [Fact]
    public async Task A_failing_run_leaves_a_notebook_that_is_its_own_output_unchanged()
    {
        var before = """{"cells":[{"cell_type":"code","source":"throw new Exception();"}],"metadata":{},"nbformat":4,"nbformat_minor":5}""";
        runner.Write("x.ipynb", before);

        var ended = await runner.RunAsync("x.ipynb", "--output", "x.ipynb");

        Assert.Equal((1, before), (ended.ExitCode, runner.Read("x.ipynb")));
    }

    [Fact]
    public async Task Two_concurrent_runs_into_one_file_leave_the_complete_output_of_one()
    {
        foreach (var name in new[] { "a", "b" })
        {
            runner.Write(name + ".dib", $"Console.WriteLine(new string('{name}', 100_000));");
        }

        using var first = runner.Start("a.dib", "--output", "x.ipynb");
        using var second = runner.Start("b.dib", "--output", "x.ipynb");
        var ends = Task.WhenAll(RunnerProcess.EndAsync(first), RunnerProcess.EndAsync(second));
        while (!ends.IsCompleted)
        {
            RequireWhole();
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        // On Windows one run may fail because the file is in use.
        Assert.All((await ends).Select(ended => (ended.ExitCode, ended.Error)), end => Assert.True(
            end == (0, "") || (OperatingSystem.IsWindows() && end.ExitCode == 2 && end.Error.Contains("x.ipynb: the file", StringComparison.Ordinal)), end.ToString()));
        RequireWhole();
        Assert.Equal(["a.dib", "b.dib", "x.ipynb"], Names());

        void RequireWhole()
        {
            if (File.Exists(Path.Combine(runner.Folder, "x.ipynb")))
            {
                // On Windows an open file can be replaced only if its reader allows it.
                using var file = new FileStream(Path.Combine(runner.Folder, "x.ipynb"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                var text = (string)JsonNode.Parse(file)!["cells"]![0]!["outputs"]![0]!["text"]![0]!;
                Assert.Single(text.TrimEnd().Distinct());
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_symbolic_link_stays_and_its_target_is_written(bool exists)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Creating symbolic links needs a privilege on Windows.");
        var target = exists ? runner.Write("there/target.ipynb", "old") : Path.Combine(Directory.CreateDirectory(Path.Combine(runner.Folder, "there")).FullName, "target.ipynb");
        File.CreateSymbolicLink(Path.Combine(runner.Folder, "middle.ipynb"), Path.Combine("there", "target.ipynb"));
        File.CreateSymbolicLink(Path.Combine(runner.Folder, "x.ipynb"), "middle.ipynb");

        var ended = await runner.RunAsync("a.dib", "--output", "x.ipynb");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Equal("middle.ipynb", new FileInfo(Path.Combine(runner.Folder, "x.ipynb")).LinkTarget);
        Assert.Null(new FileInfo(target).LinkTarget);
        Assert.Contains("xend", await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal([target], Directory.GetFileSystemEntries(Path.Combine(runner.Folder, "there")));
    }

    [Theory]
    [InlineData("x.ipynb", "cannot be written")]
    [InlineData("/dev/no-such-device.ipynb", "points to the device /dev/no-such-device.ipynb")]
    public async Task A_symbolic_link_to_no_regular_file_is_an_error(string target, string reason)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Creating symbolic links needs a privilege on Windows.");
        File.CreateSymbolicLink(Path.Combine(runner.Folder, "x.ipynb"), target);

        var ended = await runner.RunAsync("a.dib", "--output", "x.ipynb");

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(reason, ended.Error, StringComparison.Ordinal);
        Assert.False(File.Exists("/dev/no-such-device.ipynb"));
        Assert.Equal(["a.dib", "x.ipynb"], Names());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pipe_is_an_error_before_anything_runs(bool isLinked)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes in the file system.");
        var pipe = Path.Combine(runner.Folder, isLinked ? "pipe" : "x.ipynb");
        using (var made = Process.Start("mkfifo", pipe))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        if (isLinked)
        {
            File.CreateSymbolicLink(Path.Combine(runner.Folder, "x.ipynb"), "pipe");
        }

        var ended = await runner.RunAsync("a.dib", "--output", "x.ipynb");

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("x.ipynb: the file cannot be written: it is a pipe or a device", ended.Error, StringComparison.Ordinal);
        using var kind = Process.Start("test", ["-p", pipe]);
        await kind.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kind.ExitCode);
    }

    [Fact]
    public async Task An_empty_file_is_replaced()
    {
        runner.Write("x.ipynb", "");

        var ended = await runner.RunAsync("a.dib", "--output", "x.ipynb");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Contains("xend", runner.Read("x.ipynb"), StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_replaced_file_keeps_its_permissions()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other permissions.");
        var file = runner.Write("x.ipynb", "old");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await runner.RunAsync("a.dib", "--output", "x.ipynb");

        Assert.NotEqual("old", runner.Read("x.ipynb"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_run_writes_only_its_output_files_and_the_compilation_cache()
    {
        runner.Write("home/.keep", "");
        runner.Write("temporary/.keep", "");
        runner.Write("notebook/a.dib", "#load \"b.csx\"\ndisplay(HTML(\"<b>1</b>\"));\nB\n\n#!csharp\n\n#r \"System.Xml\"");
        runner.Write("notebook/b.csx", "int B = 1;");
        var before = Snapshot();

        using var process = runner.Start(
            ["notebook/a.dib", "--output", "out/x.ipynb", "--html", "out/x.html"],
            ("HOME", In("home")), ("TMPDIR", In("temporary")), ("XDG_CACHE_HOME", In("home/.cache")), ("XDG_DATA_HOME", In("home/.local")));
        var ended = await RunnerProcess.EndAsync(process);

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        var written = Snapshot().Except(before).Select(file => file.Name).ToList();
        var cached = written.FindAll(name => name.Contains("/backprop/compiled/", StringComparison.Ordinal));
        Assert.Equal(OperatingSystem.IsWindows() ? 0 : 1, cached.Count);
        Assert.Equal(["out/x.html", "out/x.ipynb"], written.Except(cached));
        Assert.Empty(before.Except(Snapshot()));
    }

    [Fact]
    public async Task A_run_that_restores_packages_also_writes_only_caches()
    {
        Sdk.Require();
        runner.Write("home/.keep", "");
        runner.Write("temporary/.keep", "");
        runner.Write("notebook/a.dib", "#r \"nuget: XPlot.Plotly, 4.1.0\"\ntypeof(XPlot.Plotly.Chart).Name");
        var before = Snapshot();
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

        using var process = runner.Start(
            ["notebook/a.dib", "--output", "out/x.ipynb"],
            ("HOME", In("home")), ("TMPDIR", In("temporary")), ("XDG_CACHE_HOME", In("home/.cache")), ("XDG_DATA_HOME", In("home/.local")), ("NUGET_PACKAGES", packages));
        var ended = await RunnerProcess.EndAsync(process);

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        var written = Snapshot().Except(before).Select(file => file.Name).ToList();
        Assert.Contains(written, name => name.StartsWith("home/.local/backprop/packages/", StringComparison.Ordinal));
        Assert.All(written, name => Assert.Matches("^(out/x[.]ipynb|home/[.](nuget|dotnet)/.*|home/[.]local/(NuGet|backprop)/.*|temporary/NuGetScratch.*)$", name));
    }

    private string In(string name) => Path.Combine(runner.Folder, name);

    private IEnumerable<string> Names() => Directory.EnumerateFileSystemEntries(runner.Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    // Empty files are not read: one may be a pipe that a process left behind, and reading that would block.
    private List<(string Name, string Text)> Snapshot() =>
        [.. new DirectoryInfo(runner.Folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(file => (Name: Path.GetRelativePath(runner.Folder, file.FullName).Replace('\\', '/'), Text: file.Length == 0 ? "" : File.ReadAllText(file.FullName)))
            .OrderBy(file => file.Name, StringComparer.Ordinal)];
}

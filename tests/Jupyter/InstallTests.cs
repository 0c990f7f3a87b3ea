using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Backprop.Tests.Runner;

namespace Backprop.Tests.Jupyter;

/// <summary>The commands 'jupyter install' and 'jupyter uninstall', except for the installed files; see <see cref="InstalledKernelFilesTests"/> for these.</summary>
[Parallel]
public sealed class InstallTests : IDisposable
{
    private readonly RunnerProcess runner = new();

    public void Dispose() => runner.Dispose();

    [Fact]
    public async Task A_kernel_of_another_program_is_left_unchanged_and_the_message_says_what_to_do()
    {
        var before = WriteKernel(In("share/jupyter/kernels/.net-csharp"), installedBy: "another program");

        var ended = await runner.RunAsync("jupyter", "install", "--prefix", ".");

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("there is already a kernel with this name, which this program did not install. It was left unchanged.", ended.Error, StringComparison.Ordinal);
        Assert.Contains("--name NAME", ended.Error, StringComparison.Ordinal);
        Assert.Contains("jupyter kernelspec uninstall .net-csharp", ended.Error, StringComparison.Ordinal);
        Assert.Equal(before, runner.Read("share/jupyter/kernels/.net-csharp/kernel.json"));
        Assert.Equal(["share/jupyter/kernels/.net-csharp/kernel.json"], TestData.FilesBelow(runner.Folder));
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("[]")]
    [InlineData("""{"metadata":"Backprop.Runner"}""")]
    [InlineData("""{"metadata":{"installed_by":["Backprop.Runner"]}}""")]
    public async Task A_kernel_of_unknown_origin_is_left_unchanged(string text)
    {
        runner.Write("share/jupyter/kernels/own/kernel.json", text);

        var ended = await runner.RunAsync("jupyter", "uninstall", "--name", "own", "--prefix", ".");

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("jupyter kernelspec uninstall own", ended.Error, StringComparison.Ordinal);
        Assert.Equal(text, runner.Read("share/jupyter/kernels/own/kernel.json"));
    }

    [Theory]
    [InlineData("--name", "two words")]
    [InlineData("--name", "c#")]
    [InlineData("--name", "a/b")]
    [InlineData("--name", "..")]
    [InlineData("--name", ".")]
    [InlineData("--name", "")]
    [InlineData("--name", "ünï")]
    [InlineData("--user", "--prefix", ".")]
    public async Task Invalid_names_and_conflicting_options_are_errors(params string[] arguments)
    {
        foreach (var command in new[] { "install", "uninstall" })
        {
            var ended = await runner.RunAsync(["jupyter", command, .. arguments]);

            Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
            Assert.Contains(arguments[0], ended.Error, StringComparison.Ordinal);
            Assert.Empty(TestData.FilesBelow(runner.Folder));
        }
    }

    [Theory]
    [InlineData("JUPYTER_DATA_DIR", "kernels")]
    [InlineData("XDG_DATA_HOME", "jupyter/kernels")]
    [InlineData("HOME", ".local/share/jupyter/kernels")]
    public async Task The_kernels_of_a_user_are_where_Jupyter_looks_for_them(string variable, string kernels)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Jupyter uses other folders on other platforms.");
        WriteKernel(In($"{kernels}/my.kernel-1_a"), installedBy: "Backprop.Runner");
        Dictionary<string, string> variables = new() { ["JUPYTER_DATA_DIR"] = "", ["XDG_DATA_HOME"] = "", [variable] = runner.Folder };

        using var process = runner.Start(["jupyter", "uninstall", "--name", "My.Kernel-1_A"], [.. variables.Select(pair => (pair.Key, pair.Value))]);
        var ended = await RunnerProcess.EndAsync(process);

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Equal($"Removed the kernel my.kernel-1_a from {In(kernels)}.\n", ended.Output);
        Assert.Empty(TestData.FilesBelow(runner.Folder));
    }

    [Fact]
    public async Task Removing_a_missing_kernel_is_an_error()
    {
        var ended = await runner.RunAsync("jupyter", "uninstall", "--prefix", ".");

        Assert.Equal(2, ended.ExitCode);
        Assert.StartsWith("There is no kernel .net-csharp in ", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo 'error CS1002: ; expected'; exit 1", "cannot be published, so nothing was installed:\nerror CS1002: ; expected\n")]
    [InlineData(null, "does not start")]
    [UnsupportedOSPlatform("windows")]
    public async Task A_failed_installation_says_why_and_leaves_the_older_kernel_unchanged(string? sdk, string reason)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A script cannot stand in for the SDK on Windows.");
        var before = WriteKernel(In("share/jupyter/kernels/.net-csharp"), installedBy: "Backprop.Runner");
        if (sdk is not null)
        {
            WriteSdk(sdk);
        }

        using var process = runner.Start(["jupyter", "install", "--prefix", "."], ("DOTNET_HOST_PATH", In("dotnet")));
        var ended = await RunnerProcess.EndAsync(process);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(reason, ended.Error, StringComparison.Ordinal);
        File.Delete(In("dotnet"));
        Assert.Equal(["share/jupyter/kernels/.net-csharp/kernel.json"], TestData.FilesBelow(runner.Folder));
        Assert.Equal(before, runner.Read("share/jupyter/kernels/.net-csharp/kernel.json"));
    }

    [FullScopeFact]
    [UnsupportedOSPlatform("windows")]
    public async Task An_installation_reports_progress_within_two_seconds_and_keeps_reporting()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A script cannot stand in for the SDK on Windows.");
        WriteSdk("sleep 9");
        using var process = runner.Start(["jupyter", "install", "--prefix", "."], ("DOTNET_HOST_PATH", In("dotnet")));
        var started = Stopwatch.StartNew();

        Assert.StartsWith("Publishing the runner to ", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var first = started.Elapsed;
        for (var i = 0; i < 2; i++)
        {
            Assert.Matches(@"^ *\d+ s  restoring packages$", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        }

        Assert.InRange(started.Elapsed - first, TimeSpan.Zero, TimeSpan.FromSeconds(9));
        Assert.Equal(0, (await RunnerProcess.EndAsync(process)).ExitCode);
    }

    [Theory]
    [InlineData(RunnerProcess.HangUp)]
    [InlineData(RunnerProcess.Interrupt)]
    [InlineData(RunnerProcess.Terminate)]
    [UnsupportedOSPlatform("windows")]
    public async Task A_cancelled_installation_leaves_no_files_behind_and_the_older_kernel_unchanged(int signal)
    {
        RunnerProcess.RequireSignal(signal);
        var before = WriteKernel(In("share/jupyter/kernels/.net-csharp"), installedBy: "Backprop.Runner");

        using var process = await StartInstallingAsync();
        RunnerProcess.Send(signal, process.Id);
        var ended = await RunnerProcess.EndAsync(process);

        Assert.Equal(130, ended.ExitCode);
        Assert.Contains("The installed kernels are unchanged", ended.Error, StringComparison.Ordinal);
        Assert.Equal([".net-csharp"], Kernels());
        Assert.Equal(before, runner.Read("share/jupyter/kernels/.net-csharp/kernel.json"));
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(SdkId()));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_files_of_a_killed_installation_are_removed_by_the_next_one_but_not_those_of_a_running_one()
    {
        RunnerProcess.RequireSignal(RunnerProcess.Kill);
        using (var killed = await StartInstallingAsync())
        {
            RunnerProcess.Send(RunnerProcess.Kill, killed.Id);
            await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
            RunnerProcess.Send(RunnerProcess.Kill, SdkId());
        }

        Assert.Single(Kernels());
        using var other = await StartInstallingAsync();
        WriteSdk("true");
        using var next = runner.Start(["jupyter", "install", "--prefix", "."], ("DOTNET_HOST_PATH", In("dotnet")));
        var ended = await RunnerProcess.EndAsync(next);

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Equal(2, Kernels().Count());
        Assert.Contains(".net-csharp", Kernels());
        Assert.False(other.HasExited);
        RunnerProcess.Send(RunnerProcess.Terminate, other.Id);
        await RunnerProcess.EndAsync(other);
        Assert.Equal([".net-csharp"], Kernels());
    }

    [Fact]
    public async Task A_location_that_cannot_be_written_to_is_an_error()
    {
        runner.Write("share", "a file");

        var ended = await runner.RunAsync("jupyter", "install", "--prefix", ".");

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("the kernel cannot be installed: ", ended.Error, StringComparison.Ordinal);
    }

    /// <summary>Writes the kernel spec of a kernel that does not exist.</summary>
    /// <returns>The text of the file.</returns>
    internal static string WriteKernel(string folder, string installedBy)
    {
        var text = $$$"""{"argv":["no-such-program"],"display_name":"old","language":"none","metadata":{"installed_by":"{{{installedBy}}}"}}""";
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "kernel.json"), text);
        return text;
    }

    // Starts an installation with an SDK that never finishes.
    [UnsupportedOSPlatform("windows")]
    private async Task<Process> StartInstallingAsync()
    {
        WriteSdk($"echo $$ > '{In("sdk")}'; exec sleep 600");
        File.Delete(In("sdk"));
        var process = runner.Start(["jupyter", "install", "--prefix", "."], ("DOTNET_HOST_PATH", In("dotnet")));
        while (!File.Exists(In("sdk")) || new FileInfo(In("sdk")).Length == 0)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        return process;
    }

    private int SdkId() => int.Parse(runner.Read("sdk"), CultureInfo.InvariantCulture);

    private IEnumerable<string> Kernels() =>
        Directory.EnumerateFileSystemEntries(In("share/jupyter/kernels")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    // A script in place of the SDK, always as a new file, because a running one cannot be overwritten.
    [UnsupportedOSPlatform("windows")]
    private void WriteSdk(string script)
    {
        File.Delete(In("dotnet"));
        File.SetUnixFileMode(runner.Write("dotnet", $"#!/bin/sh\n{script}\n"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private string In(string name) => Path.Combine(runner.Folder, name);
}

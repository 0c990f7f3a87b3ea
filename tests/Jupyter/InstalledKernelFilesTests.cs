using System.Diagnostics;
using System.Reflection.PortableExecutable;
using System.Text.Json.Nodes;
using Backprop.Tests.Runner;

namespace Backprop.Tests.Jupyter;

/// <summary>The files that 'jupyter install' installs.</summary>
[Collection(nameof(InstalledKernel))]
public sealed class InstalledKernelFilesTests(InstalledKernel kernel)
{
    [FullScopeFact]
    public void The_command_reports_what_it_installed_and_how_to_use_it()
    {
        kernel.RequireInstalled();

        Assert.Equal("", kernel.Installation.Error);
        Assert.Contains(kernel.KernelFolder, kernel.Installation.Output, StringComparison.Ordinal);
        Assert.Contains("'.NET (C#)'", kernel.Installation.Output, StringComparison.Ordinal);
        Assert.Contains("jupyter notebook Backprop.ipynb", kernel.Installation.Output, StringComparison.Ordinal);
    }

    [FullScopeFact]
    public void An_older_kernel_of_this_program_is_replaced_and_no_temporary_files_remain()
    {
        kernel.RequireInstalled();

        Assert.DoesNotContain("no-such-program", File.ReadAllText(Path.Combine(kernel.KernelFolder, "kernel.json")), StringComparison.Ordinal);
        Assert.Equal([kernel.KernelFolder], Directory.GetFileSystemEntries(Path.GetDirectoryName(kernel.KernelFolder)!));
    }

    [FullScopeFact]
    public async Task Jupyter_lists_the_kernel_under_the_name_in_the_lesson()
    {
        var listed = JsonNode.Parse(await kernel.RunModuleAsync("jupyter_client.kernelspecapp", "list", "--json"))!["kernelspecs"]!;
        var asked = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(TestData.Root, "Backprop.ipynb"), TestContext.Current.CancellationToken))!["metadata"]!["kernelspec"]!;

        var found = listed[(string)asked["name"]!]!;
        Assert.Equal(kernel.KernelFolder, (string?)found["resource_dir"]);
        Assert.Equal((string?)asked["display_name"], (string?)found["spec"]!["display_name"]);
        Assert.Equal((string?)asked["language"], (string?)found["spec"]!["language"]);
        Assert.Equal("message", (string?)found["spec"]!["interrupt_mode"]);
    }

    [FullScopeFact]
    public void The_program_is_complete_and_has_no_symbolic_links()
    {
        kernel.RequireInstalled();
        var program = Path.Combine(kernel.KernelFolder, "program");
        var needed = from target in JsonNode.Parse(File.ReadAllText(Path.Combine(program, "Backprop.Runner.deps.json")))!["targets"]!.AsObject()
                     from library in target.Value!.AsObject()
                     from file in library.Value!["runtime"]?.AsObject() ?? []
                     select Path.Combine(program, Path.GetFileName(file.Key));

        Assert.All(needed, file => Assert.True(File.Exists(file), file));
        Assert.All(new DirectoryInfo(program).GetFileSystemInfos("*", SearchOption.AllDirectories), file => Assert.Null(file.LinkTarget));
    }

    [FullScopeTheory]
    [InlineData("Backprop.Runner.dll")]
    [InlineData("Microsoft.CodeAnalysis.dll")]
    [InlineData("Microsoft.CodeAnalysis.CSharp.dll")]
    [InlineData("NetMQ.dll")]
    public void The_program_is_compiled_ahead_of_time(string name)
    {
        kernel.RequireInstalled();
        using var assembly = new PEReader(File.OpenRead(Path.Combine(kernel.KernelFolder, "program", name)));

        Assert.NotEqual(0, assembly.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
    }

    [FullScopeFact]
    public async Task The_kernel_needs_neither_the_checkout_nor_the_package_cache_nor_a_path()
    {
        kernel.Require();
        Assert.SkipUnless(File.Exists("/usr/bin/unshare"), "There is no unshare here, which hides folders from a process.");
        var script = Path.Combine(kernel.Folder, "kernel.py");
        File.Copy(Path.Combine(TestData.Root, "tests", "Jupyter", "kernel.py"), script);
        await File.AppendAllTextAsync(
            script,
            """

            with Kernel() as k:
                print(k.run('Environment.GetEnvironmentVariable("PATH")').values)
                print(k.run('System.IO.File.Exists(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH"))').values)
            """,
            TestContext.Current.CancellationToken);
        var packages = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget");
        var start = new ProcessStartInfo(
            "/usr/bin/unshare",
            ["--map-root-user", "--mount", "/bin/sh", "-c", "for hidden in \"$1\" \"$2\"; do /bin/mount -t tmpfs tmpfs \"$hidden\" || exit 99; done; exec /usr/bin/python3 \"$3\"", "sh", TestData.Root, packages, script])
        {
            WorkingDirectory = kernel.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in kernel.Variables.Append(("PATH", "/nowhere/")))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var ended = await RunnerProcess.EndAsync(process);

        Assert.SkipWhen(ended.ExitCode == 99, $"No folder can be hidden here: {ended.Error}");
        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Equal("['/nowhere/']\n['True']\n", ended.Output);
    }
}

using System.Diagnostics;
using Backprop.Tests.Runner;

namespace Backprop.Tests.Jupyter;

/// <summary>
/// The kernel installed by 'jupyter install' into a temporary folder, over an older one, as a copy of the precompiled runner in the
/// checkout. <see cref="Hosts.ImageTests"/> publishes one from the sources.
/// </summary>
public sealed class InstalledKernel : IAsyncLifetime
{
    private static readonly string Scripts = Path.Combine(TestData.Root, "tests", "Jupyter");

    private readonly RunnerProcess runner = new();

    /// <summary>The result of the installation command.</summary>
    internal RunnerProcess.Ended Installation { get; private set; } = new(-1, "", "");

    /// <summary>A temporary folder.</summary>
    public string Folder => runner.Folder;

    /// <summary>The kernel's folder.</summary>
    public string KernelFolder => Path.Combine(Data, "kernels", ".net-csharp");

    /// <summary>The environment variables with which Jupyter finds the kernel and does not touch the user's own files.</summary>
    public IEnumerable<(string Name, string Value)> Variables =>
    [
        ("JUPYTER_PATH", Data),
        ("JUPYTER_DATA_DIR", Path.Combine(Folder, "user")),
        ("JUPYTER_CONFIG_DIR", Path.Combine(Folder, "user")),
        ("JUPYTER_RUNTIME_DIR", Path.Combine(Folder, "user")),
        ("PYTHONPATH", Scripts),
    ];

    private static string Precompiled => Path.Combine(TestData.Root, "runner", "bin", "Release", "net10.0", "Backprop.Runner.dll");

    private string Data => Path.Combine(Folder, "share", "jupyter");

    public async ValueTask InitializeAsync()
    {
        if (TestScope.IsFull && Sdk.IsInstalled && !OperatingSystem.IsWindows())
        {
            InstallTests.WriteKernel(KernelFolder, installedBy: "Backprop.Runner");
            using var process = Process.Start(new ProcessStartInfo(Sdk.Program, [Precompiled, "jupyter", "install", "--prefix", Folder])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Installation = await RunnerProcess.EndAsync(process);
        }
    }

    /// <summary>Skips the current test where the kernel cannot be installed.</summary>
    public void RequireInstalled()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The tests install no kernel on Windows.");
        Sdk.Require();
        Assert.True(Installation.ExitCode == 0, Installation.Output + Installation.Error);
    }

    /// <summary>Skips the current test where the kernel cannot be installed or Jupyter is missing.</summary>
    public void Require()
    {
        JupyterPython.Require();
        RequireInstalled();
    }

    /// <summary>Runs a Jupyter program.</summary>
    /// <param name="arguments">The Python module and its arguments.</param>
    /// <returns>The standard output.</returns>
    public Task<string> RunModuleAsync(params IEnumerable<string> arguments)
    {
        Require();
        return JupyterPython.RunAsync(arguments.Prepend("-m"), Variables);
    }

    /// <summary>Runs a Python script that imports everything from <c>tests/Jupyter/kernel.py</c>.</summary>
    /// <returns>The standard output.</returns>
    public Task<string> RunScriptAsync(string script, params IEnumerable<string> arguments)
    {
        Require();
        return JupyterPython.RunAsync(["-c", "from kernel import *\n" + script, .. arguments], Variables);
    }

    public ValueTask DisposeAsync()
    {
        runner.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>The tests that share the installed kernel.</summary>
[CollectionDefinition(nameof(InstalledKernel))]
public sealed class InstalledKernelTests : ICollectionFixture<InstalledKernel>;

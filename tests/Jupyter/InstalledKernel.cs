using Backprop.Tests.Runner;

namespace Backprop.Tests.Jupyter;

/// <summary>
/// The kernel as 'jupyter install' installs it, in a folder of the tests' own, over an older one. Publishing takes minutes, so all tests
/// with Jupyter share it.
/// </summary>
public sealed class InstalledKernel : IAsyncLifetime
{
    private static readonly string Scripts = Path.Combine(TestData.Root, "tests", "Jupyter");

    private readonly RunnerProcess runner = new();

    /// <summary>What the command for the installation printed.</summary>
    internal RunnerProcess.Ended Installation { get; private set; } = new(-1, "", "");

    /// <summary>A folder of the tests' own.</summary>
    public string Folder => runner.Folder;

    /// <summary>The kernel's folder.</summary>
    public string KernelFolder => Path.Combine(Data, "kernels", ".net-csharp");

    /// <summary>What has Jupyter find the kernel, and leave the user's own files alone.</summary>
    public IEnumerable<(string Name, string Value)> Variables =>
    [
        ("JUPYTER_PATH", Data),
        ("JUPYTER_DATA_DIR", Path.Combine(Folder, "user")),
        ("JUPYTER_CONFIG_DIR", Path.Combine(Folder, "user")),
        ("JUPYTER_RUNTIME_DIR", Path.Combine(Folder, "user")),
        ("PYTHONPATH", Scripts),
    ];

    private string Data => Path.Combine(Folder, "share", "jupyter");

    public async ValueTask InitializeAsync()
    {
        if (Sdk.IsInstalled && !OperatingSystem.IsWindows())
        {
            InstallTests.WriteKernel(KernelFolder, installedBy: "Backprop.Runner");
            Installation = await runner.RunAsync("jupyter", "install", "--prefix", Folder);
        }
    }

    /// <summary>Skips the test that runs where the kernel cannot be installed.</summary>
    public void RequireInstalled()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The tests install no kernel on Windows.");
        Sdk.Require();
        Assert.True(Installation.ExitCode == 0, Installation.Output + Installation.Error);
    }

    /// <summary>Skips the test that runs where the kernel cannot be installed, or Jupyter is missing.</summary>
    public void Require()
    {
        JupyterPython.Require();
        RequireInstalled();
    }

    /// <summary>Runs a program of Jupyter's to its end.</summary>
    /// <param name="arguments">Its module and its arguments.</param>
    /// <returns>What it printed.</returns>
    public Task<string> RunModuleAsync(params IEnumerable<string> arguments)
    {
        Require();
        return JupyterPython.RunAsync(arguments.Prepend("-m"), Variables);
    }

    /// <summary>Runs a Python script that begins with all of <c>tests/Jupyter/kernel.py</c>.</summary>
    /// <returns>What it printed.</returns>
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

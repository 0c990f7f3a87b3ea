using System.Diagnostics;
using Backprop.Tests.Runner;

namespace Backprop.Tests.Jupyter;

/// <summary>The system's Python with Jupyter. Tests skip where it is missing; <c>.ci/jupyter.sh</c> installs it.</summary>
internal static class JupyterPython
{
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<bool> IsInstalled = new(() =>
    {
        if (OperatingSystem.IsWindows() || !File.Exists(Python))
        {
            return false;
        }

        using var process = Start(["-c", "import jupyter_client, jupyter_kernel_test, nbclient, nbconvert, nbformat, notebook"]);
        process.WaitForExit();
        return process.ExitCode == 0;
    });

    /// <summary>Skips the current test where Jupyter is missing.</summary>
    public static void Require() =>
        Assert.SkipUnless(IsInstalled.Value, "Jupyter is not installed: run .ci/jupyter.sh as root, or install the packages that it names.");

    /// <summary>Starts Python.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="variables">Additional environment variables.</param>
    public static Process Start(IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> variables)
    {
        var start = new ProcessStartInfo(Python, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PYTHONIOENCODING"] = "utf-8", ["PYTHONDONTWRITEBYTECODE"] = "1" },
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs Python and requires that it succeeds.</summary>
    /// <returns>The standard output.</returns>
    public static async Task<string> RunAsync(IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> variables)
    {
        Require();
        using var process = Start(arguments, variables);
        var ended = await RunnerProcess.EndAsync(process);
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        return ended.Output;
    }
}

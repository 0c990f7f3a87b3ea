using System.Diagnostics;

namespace Backprop.Tests.Runner;

/// <summary>Jupyter's own libraries, for tests that read what the runner wrote. They skip where it is missing; <c>.ci/jupyter.sh</c> installs it.</summary>
internal static class Jupyter
{
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<bool> IsInstalled = new(() =>
        !OperatingSystem.IsWindows() && File.Exists(Python) && Run("import nbformat, nbconvert").ExitCode == 0);

    /// <summary>Runs a Python script that may use nbformat and nbconvert.</summary>
    /// <returns>What it printed.</returns>
    public static string Execute(string script, params IEnumerable<string> arguments)
    {
        Assert.SkipUnless(IsInstalled.Value, "Jupyter's nbformat and nbconvert are not installed: run .ci/jupyter.sh as root, or install python3-nbconvert.");
        var (exitCode, output, error) = Run(script, arguments);
        Assert.True(exitCode == 0, error);
        return output;
    }

    private static (int ExitCode, string Output, string Error) Run(string script, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", script, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PYTHONIOENCODING"] = "utf-8" },
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}

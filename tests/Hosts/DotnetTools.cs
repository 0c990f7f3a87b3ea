using System.Diagnostics;
using System.Text;
using Backprop.Tests.Runner;

namespace Backprop.Tests.Hosts;

/// <summary>The .NET tools in the checkout's manifest: .NET Interactive and dotnet-repl. Tests skip where they cannot be restored.</summary>
internal static class DotnetTools
{
    private static readonly Lazy<string?> ReasonToSkip = new(Restore);

    /// <summary>Whether the tools are restored.</summary>
    public static bool AreRestored => ReasonToSkip.Value is null;

    /// <summary>Skips the current test where the tools cannot be restored.</summary>
    public static void Require() => Assert.SkipWhen(ReasonToSkip.Value is not null, ReasonToSkip.Value ?? "");

    /// <summary>Starts a tool in the checkout, where its manifest is.</summary>
    /// <param name="arguments">The name of the tool after <c>dotnet</c>, and its arguments.</param>
    public static Process Start(params IEnumerable<string> arguments)
    {
        Require();
        return StartDotnet(arguments);
    }

    /// <summary>Runs a tool and requires that it succeeds.</summary>
    /// <returns>The standard output and standard error.</returns>
    public static async Task<string> RunAsync(params IEnumerable<string> arguments)
    {
        using var process = Start(arguments);
        process.StandardInput.Close();
        var ended = await RunnerProcess.EndAsync(process);
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        return ended.Output + ended.Error;
    }

    private static string? Restore()
    {
        if (OperatingSystem.IsWindows())
        {
            return "The tests start no .NET tools on Windows.";
        }

        if (!Sdk.IsInstalled)
        {
            return "The .NET SDK, which restores .NET tools, is not on the PATH.";
        }

        using var restore = StartDotnet(["tool", "restore"]);
        restore.StandardInput.Close();
        var error = restore.StandardError.ReadToEndAsync();
        var output = restore.StandardOutput.ReadToEnd();
        restore.WaitForExit();
        return restore.ExitCode == 0 ? null : $"'dotnet tool restore' failed: {output}{error.Result}";
    }

    private static Process StartDotnet(IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(Sdk.Program, arguments)
        {
            WorkingDirectory = TestData.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            Environment = { ["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_INTERACTIVE_SKIP_FIRST_TIME_EXPERIENCE"] = "1" },
        })!;
}

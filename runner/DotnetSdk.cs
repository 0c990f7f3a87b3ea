using System.ComponentModel;
using System.Diagnostics;

namespace Backprop.Runner;

/// <summary>The .NET SDK's command line, for what only the SDK can do.</summary>
internal static class DotnetSdk
{
    /// <summary>The program that is started: that of the SDK which started this process, or else the one on the PATH.</summary>
    public static string Program => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Runs a command of the SDK to its end.</summary>
    /// <param name="folder">The folder it runs in.</param>
    /// <param name="arguments">The command and its arguments.</param>
    /// <param name="cancellationToken">Ends it, and all that it started.</param>
    /// <returns>Its exit code, and what it printed.</returns>
    /// <exception cref="MissingSdkException">The program does not start, or has no SDK.</exception>
    public static async Task<(int ExitCode, string Log)> RunAsync(string folder, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_CLI_UI_LANGUAGE"] = "en", ["DOTNET_NOLOGO"] = "1" },
        };

        // What an outer build left in the environment belongs to that build.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Start(start);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        var log = await output + await error;
        return process.ExitCode != 0 && log.Contains("No .NET SDKs were found", StringComparison.Ordinal)
            ? throw new MissingSdkException($"'{Program}' has only the runtime")
            : (process.ExitCode, log);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new MissingSdkException($"'{Program}' does not start: {e.Message}");
        }
    }
}

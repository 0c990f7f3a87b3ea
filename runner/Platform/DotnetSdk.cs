using System.ComponentModel;
using System.Diagnostics;

namespace Backprop.Runner.Platform;

/// <summary>Runs the .NET SDK's command line.</summary>
internal static class DotnetSdk
{
    /// <summary>The <c>dotnet</c> executable: the one that started this process, or else the one on the PATH.</summary>
    public static string Program => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Runs a command and waits for it to exit.</summary>
    /// <param name="folder">The working directory.</param>
    /// <param name="arguments">The command and its arguments.</param>
    /// <param name="cancellationToken">Kills the command and its child processes.</param>
    /// <returns>The exit code, and the standard output followed by the standard error.</returns>
    /// <exception cref="MissingSdkException">The executable does not start, or has no SDK.</exception>
    public static async Task<(int ExitCode, string Log)> RunAsync(string folder, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_CLI_UI_LANGUAGE"] = "en", ["DOTNET_NOLOGO"] = "1" },
        };

        // When a build started this process, its MSBuild variables must not leak into the command.
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
            await process.WaitForExitAsync(CancellationToken.None);
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

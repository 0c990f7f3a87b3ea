using System.Diagnostics;
using System.Text;
using Backprop.Runner.Execution;

namespace Backprop.Tests.Runner;

/// <summary>The runner as a user starts it: a process with arguments, an exit code and two streams of text.</summary>
internal sealed class RunnerProcess : IDisposable
{
    /// <summary>What starts the runner, before any arguments.</summary>
    public static IReadOnlyList<string> Command { get; } = OperatingSystem.IsWindows()
        ? [Path.ChangeExtension(typeof(Session).Assembly.Location, ".exe")]
        : [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", typeof(Session).Assembly.Location];

    /// <summary>A folder of the test's own, in which the runner starts.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory().FullName;

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public string Read(string name) => File.ReadAllText(Path.Combine(Folder, name));

    public async Task<Ended> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return await EndAsync(process);
    }

    public Process Start(params string[] arguments) => Start(arguments, []);

    /// <summary>Starts the runner with variables in its environment.</summary>
    public Process Start(string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(Command[0], [.. Command.Skip(1), .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public static async Task<Ended> EndAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Ended(process.ExitCode, await output, await error);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    internal sealed record Ended(int ExitCode, string Output, string Error);
}

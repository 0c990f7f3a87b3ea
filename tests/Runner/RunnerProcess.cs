using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Backprop.Runner.Execution;

namespace Backprop.Tests.Runner;

/// <summary>The runner as a user starts it: a process with arguments, an exit code and two streams of text.</summary>
internal sealed partial class RunnerProcess : IDisposable
{
    /// <summary>The signal that a terminal sends when it is closed.</summary>
    public const int HangUp = 1;

    /// <summary>The signal of Ctrl+C.</summary>
    public const int Interrupt = 2;

    /// <summary>The signal that no process can answer.</summary>
    public const int Kill = 9;

    /// <summary>The signal that asks a process to end.</summary>
    public const int Terminate = 15;

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

    /// <summary>Runs a script whose mounts nobody else sees and that end with it; <c>"$@"</c> in it is the runner.</summary>
    /// <returns>Its end, or none, where nothing can be mounted: then the test is skipped.</returns>
    public async Task<Ended> RunInOwnMountsAsync(params string[] script)
    {
        const int cannotMount = 99;
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/unshare"), "There is no unshare here, which mounts a disk for one process.");
        string[] lines = [$"mount() {{ command mount \"$@\" || exit {cannotMount}; }}", .. script];
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/unshare", ["--map-root-user", "--mount", "sh", "-c", string.Join('\n', lines), "sh", .. Command])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var ended = await EndAsync(process);
        Assert.SkipWhen(ended.ExitCode is cannotMount or 127, $"No disk can be mounted here: {ended.Error}");
        return ended;
    }

    /// <summary>Skips the test that runs where a signal cannot be sent, or is ignored.</summary>
    public static void RequireSignal(int signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals on Windows.");
        Assert.SkipWhen(Ignores(signal), "These tests were started in a way that has their processes ignore the signal, as a shell does in the background.");
    }

    /// <summary>Sends a signal to a process.</summary>
    public static void Send(int signal, int process) => Assert.Equal(0, SendSignal(process, signal));

    public static async Task<Ended> EndAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Ended(process.ExitCode, await output, await error);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    // Linux shows the ignored signals as a mask in hexadecimal; the first bit is signal 1.
    private static bool Ignores(int signal) =>
        File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is var line
        && ((Convert.ToUInt64(line.Split('\t')[1], 16) >> (signal - 1)) & 1) != 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    internal sealed record Ended(int ExitCode, string Output, string Error);
}

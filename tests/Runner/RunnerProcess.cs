using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Backprop.Runner.Execution;

namespace Backprop.Tests.Runner;

/// <summary>The runner as a user starts it: a process with arguments, an exit code and two output streams.</summary>
internal sealed partial class RunnerProcess : IDisposable
{
    /// <summary>The signal that a terminal sends when it is closed.</summary>
    public const int HangUp = 1;

    /// <summary>The signal of Ctrl+C.</summary>
    public const int Interrupt = 2;

    /// <summary>The signal that no process can handle.</summary>
    public const int Kill = 9;

    /// <summary>The signal that requests a process to terminate.</summary>
    public const int Terminate = 15;

    /// <summary>The command that starts the runner, without arguments.</summary>
    public static IReadOnlyList<string> Command { get; } = OperatingSystem.IsWindows()
        ? [Path.ChangeExtension(typeof(Session).Assembly.Location, ".exe")]
        : [Sdk.Program, typeof(Session).Assembly.Location];

    /// <summary>The working directory of the runner, a temporary folder.</summary>
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

    /// <summary>Starts the runner with environment variables.</summary>
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

    /// <summary>Runs a script in a mount namespace of its own; <c>"$@"</c> in it is the runner. Skips the current test where nothing can be mounted.</summary>
    /// <returns>How the script ended.</returns>
    public async Task<Ended> RunInOwnMountsAsync(params string[] script)
    {
        const int cannotMount = 99;
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/unshare"), "There is no unshare here, which gives a process its own mounts.");
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

    /// <summary>Skips the current test where a signal cannot be sent or is ignored.</summary>
    public static void RequireSignal(int signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals on Windows.");
        Assert.SkipWhen(Ignores(signal), "The tests ignore the signal because they were started as a background job.");
    }

    /// <summary>Sends a signal to a process.</summary>
    public static void Send(int signal, int process) => Assert.Equal(0, SendSignal(process, signal));

    /// <summary>Waits for the end of a process. If it takes too long, it is killed with the processes that it started, and the test fails with what they have printed.</summary>
    /// <param name="process">A process with redirected output.</param>
    /// <param name="patience">The longest wait; by default, 8 minutes.</param>
    public static async Task<Ended> EndAsync(Process process, TimeSpan? patience = null)
    {
        var limit = patience ?? TimeSpan.FromMinutes(8);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var ended = Task.WhenAll(process.WaitForExitAsync(CancellationToken.None), output, error);
        if (await Task.WhenAny(ended, Task.Delay(limit, TestContext.Current.CancellationToken)) != ended)
        {
            process.Kill(entireProcessTree: true);
            await Task.WhenAny(ended, Task.Delay(TimeSpan.FromSeconds(30), CancellationToken.None));
            var printed = ended.IsCompleted ? $"It printed:\n{await output}{await error}" : "A process that it left behind keeps its output open.";
            Assert.Fail($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} did not end within {limit}. {printed}");
        }

        return new Ended(process.ExitCode, await output, await error);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    // Linux shows the ignored signals as a hexadecimal mask; bit 0 is signal 1.
    private static bool Ignores(int signal) =>
        File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is var line
        && ((Convert.ToUInt64(line.Split('\t')[1], 16) >> (signal - 1)) & 1) != 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    internal sealed record Ended(int ExitCode, string Output, string Error);
}

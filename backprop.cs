// Runs the lesson, or what its arguments say: dotnet run backprop.cs [-- ARGUMENTS OF THE RUNNER]
// 'dotnet run --project runner' asks MSBuild at every start whether the runner is up to date, which takes seconds; this compares file times.
#:property PublishAot=false
#:property InvariantGlobalization=true

using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

var root = Path.GetDirectoryName(PathOfThisFile())!;
var output = Path.Combine(root, "runner", "bin", "Release", "net10.0");
var runner = Path.Combine(output, OperatingSystem.IsWindows() ? "Backprop.Runner.exe" : "Backprop.Runner");
var stamp = new FileInfo(Path.Combine(output, "built"));

if (!File.Exists(runner) || !stamp.Exists || Sources().Any(file => file.LastWriteTimeUtc > stamp.LastWriteTimeUtc))
{
    var started = DateTime.UtcNow;
    Console.Error.WriteLine("Building the runner, which takes about half a minute the first time …");
    var exitCode = Run("dotnet", ["build", Path.Combine(root, "runner"), "--configuration", "Release", "--nologo", "--verbosity", "quiet", "-property:RunAnalyzers=false", $"-property:FirstRun={!File.Exists(runner)}"]);
    if (exitCode != 0)
    {
        return exitCode;
    }

    File.WriteAllText(stamp.FullName, "");
    File.SetLastWriteTimeUtc(stamp.FullName, started);
}

return Run(runner, args);

IEnumerable<FileSystemInfo> Sources() =>
[
    .. new DirectoryInfo(root).EnumerateFiles("Directory.*.props"),
    .. new DirectoryInfo(Path.Combine(root, "runner")).EnumerateFileSystemInfos()
        .Where(entry => entry.Name is not ("bin" or "obj"))
        .SelectMany(entry => entry is DirectoryInfo folder ? [folder, .. folder.EnumerateFileSystemInfos("*", SearchOption.AllDirectories)] : new[] { entry }),
];

// Ctrl+C, and the end of a terminal, reach the runner, too, which says what is to be done about it; a request to end reaches only this process.
static int Run(string program, IEnumerable<string> arguments)
{
    using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
    using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);
    using var process = Process.Start(program, arguments);
    using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
    {
        signal.Cancel = true;
        if (!OperatingSystem.IsWindows())
        {
            _ = Terminate(process.Id, 15);
        }
    });
    process.WaitForExit();
    return process.ExitCode;

    [DllImport("libc", EntryPoint = "kill")]
    static extern int Terminate(int process, int signal);
}

static string PathOfThisFile([CallerFilePath] string path = "") => path;

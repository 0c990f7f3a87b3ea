// Builds the runner if its sources have changed, and starts it: dotnet run backprop.cs [-- ARGUMENTS]
// Unlike 'dotnet run --project runner' it compares file times instead of starting MSBuild every time, which takes two seconds.
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
    Console.Error.WriteLine("Building the runner; the first time this takes about half a minute …");
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

// Ctrl+C and a closed terminal signal the runner, too, which decides what to do; SIGTERM reaches only this process and is passed on.
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

using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Backprop.Bench;

/// <summary>The measurements of a run of part 1.</summary>
/// <param name="Training">The duration of the training cell, in seconds.</param>
/// <param name="Whole">The time from the start of the process to its end, in seconds.</param>
/// <param name="FirstTensor">The time from the start of the process to the end of the cell that prints the first tensor, in seconds.</param>
/// <param name="Memory">The peak memory of the process and its descendants, in MiB.</param>
internal sealed record WholeRun(double Training, double Whole, double FirstTensor, double Memory);

/// <summary>Runs part 1 from the command line and measures it.</summary>
internal static partial class Contestant
{
    /// <summary>The system's Python, for which Debian packages PyTorch.</summary>
    public const string Python = "/usr/bin/python3";

    private static readonly TimeSpan SamplingInterval = TimeSpan.FromMilliseconds(100);

    // The runner's caches, apart from the user's.
    private static readonly string DataFolder = Path.Combine(Lesson.Root, "out", "bench", "data");

    // The README's command has its own, so that emptying the compilation cache of part 1 does not slow it down.
    private static readonly string ReadmeDataFolder = DataFolder + "-readme";

    /// <summary>Empties the compilation cache of the runs of part 1 that follow.</summary>
    public static void EmptyCompilationCache()
    {
        var cache = Path.Combine(DataFolder, "backprop", "compiled");
        if (Directory.Exists(cache))
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    /// <summary>Runs the lesson in the runner.</summary>
    public static async Task<WholeRun> CSharpAsync(string notebook)
    {
        var runner = Path.Combine(Lesson.Root, "runner", "bin", "Release", "net10.0", "Backprop.Runner.dll");
        var times = new List<double>();
        double? firstTensor = null;
        var (whole, memory) = await RunAsync(
            "dotnet",
            [runner, notebook, "--output", Path.ChangeExtension(notebook, ".out.ipynb")],
            (line, seconds) =>
            {
                firstTensor ??= line.StartsWith("tensor(", StringComparison.Ordinal) ? seconds : null;
                if (CellTime().Match(line) is { Success: true } time)
                {
                    times.Add(double.Parse(time.Groups[1].Value, CultureInfo.InvariantCulture));
                }
            });
        return new WholeRun(times[^1], whole, firstTensor!.Value, memory);
    }

    /// <summary>Runs the whole lesson with the README's command.</summary>
    /// <returns>The duration in seconds.</returns>
    public static async Task<double> ReadmeCommandAsync() =>
        (await RunAsync("dotnet", ["run", Path.Combine(Lesson.Root, "backprop.cs"), "--", Path.Combine(Lesson.Root, "Backprop.dib"), "--html", Path.Combine(Lesson.Root, "out", "bench", "lesson.html")], (_, _) => { }, ReadmeDataFolder)).Seconds;

    /// <summary>Runs the PyTorch notebook in nbconvert, which records the times of each cell.</summary>
    public static async Task<WholeRun> PythonAsync(string notebook)
    {
        var output = Path.ChangeExtension(notebook, ".out.ipynb");
        var started = DateTime.UtcNow;
        var (whole, memory) = await RunAsync(
            Python, ["-m", "nbconvert", "--execute", "--to", "notebook", "--output", output, notebook], (_, _) => { });
        var cells = JsonNode.Parse(await File.ReadAllTextAsync(output))!["cells"]!.AsArray();
        var first = cells.First(cell => cell!["outputs"]!.ToJsonString().Contains("tensor(", StringComparison.Ordinal));
        return new WholeRun(
            (At(cells[^1]!, "iopub.status.idle") - At(cells[^1]!, "iopub.execute_input")).TotalSeconds,
            whole,
            (At(first!, "iopub.status.idle") - started).TotalSeconds,
            memory);
    }

    /// <summary>Runs a program that prints numbers.</summary>
    /// <returns>The numbers on each line.</returns>
    public static async Task<List<double[]>> NumbersAsync(string program, params string[] arguments)
    {
        var lines = new List<double[]>();
        await RunAsync(program, arguments, (line, _) =>
            lines.Add([.. line.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))]));
        return lines;
    }

    /// <summary>Runs a program.</summary>
    /// <returns>The duration in seconds and the peak memory in MiB.</returns>
    /// <exception cref="InvalidOperationException">The program fails.</exception>
    public static async Task<(double Seconds, double Memory)> RunAsync(
        string program, IEnumerable<string> arguments, Action<string, double> lineRead, string? dataFolder = null)
    {
        var clock = Stopwatch.StartNew();
        dataFolder = Directory.CreateDirectory(dataFolder ?? DataFolder).FullName;
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["XDG_DATA_HOME"] = dataFolder, ["JUPYTER_PATH"] = Path.Combine(Lesson.Root, "out", "bench", "share", "jupyter") },
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var reading = Task.Run(() =>
        {
            while (process.StandardOutput.ReadLine() is { } line)
            {
                lineRead(line, clock.Elapsed.TotalSeconds);
            }
        });
        var ended = process.WaitForExitAsync();
        double peak = 0;
        while (await Task.WhenAny(ended, Task.Delay(SamplingInterval)) != ended)
        {
            peak = Math.Max(peak, ProcessTree.Memory(process.Id));
        }

        var seconds = clock.Elapsed.TotalSeconds;
        await reading;
        return process.ExitCode == 0
            ? (seconds, peak)
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exited with code {process.ExitCode}: {await errors}");
    }

    /// <summary>Returns the path of a Python script of the benchmark.</summary>
    public static string PythonFile(string name) => Path.Combine(Lesson.Root, "bench", "python", name + ".py");

    private static DateTime At(JsonNode cell, string moment) =>
        DateTime.Parse((string)cell["metadata"]!["execution"]![moment]!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);

    [GeneratedRegex(@"^  ([0-9]+\.[0-9]+) s$")]
    private static partial Regex CellTime();
}

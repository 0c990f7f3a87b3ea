using System.Text.RegularExpressions;

namespace Backprop.Bench;

/// <summary>Compares the lesson with the PyTorch notebook on this machine, in alternating runs.</summary>
internal static partial class Comparison
{
    private const int Epochs = 5000;
    private const int ReRuns = 20;

    private static readonly string Folder = Path.Combine(Lesson.Root, "out", "bench");
    private static readonly string Self = Environment.ProcessPath!;

    public static async Task RunAsync(int rounds)
    {
        var (csharp, python) = (Lesson.WriteTo(Folder), Path.Combine(Folder, "lesson.ipynb"));
        await Contestant.NumbersAsync(Contestant.Python, Contestant.PythonFile("notebook"), python);
        var fewer = Math.Max(1, rounds / 2);
        List<string> lines = [$"Medians (smallest–largest) of {rounds} runs in turn for part 1 as a whole, of {fewer} for the tables below.", ""];
        string[] wholeRuns = [Measured.Head, .. await WholeRunsAsync(rounds, csharp, python)];
        await WriteReadmeAsync(wholeRuns);
        await AddAsync(wholeRuns);
        await AddAsync(["How part 1 grows with the hidden layer (runner, nbconvert; Debian's PyTorch multiplies matrices on one thread, as libtorch does after `torch.set_num_threads(1)`):", "", Measured.Head, .. await HiddenUnits.RowsAsync(fewer, Folder)]);
        await AddAsync(["Part 1 in Jupyter kernels:", "", Measured.Head, .. await Kernels.RowsAsync(fewer, Path.ChangeExtension(csharp, ".out.ipynb"), python)]);
        await AddAsync(["The training cell with other numbers of epochs:", "", Measured.Head, .. await GrowthAsync(fewer)]);
        await AddAsync([await ReRunsAsync()]);
        await AddAsync([FloorLine()]);
        await AddAsync(["Where the training cell's time goes:", "", Measured.Head, .. await PartsAsync(fewer)]);

        // Written after each table, so that a failure loses only the tables that follow.
        async Task AddAsync(IEnumerable<string> table)
        {
            Console.WriteLine(string.Join('\n', table) + "\n");
            lines.AddRange([.. table, ""]);
            await File.WriteAllLinesAsync(Path.Combine(Lesson.Root, "bench", "RESULTS.md"), lines[..^1]);
        }
    }

    private static async Task WriteReadmeAsync(IEnumerable<string> table)
    {
        var readme = Path.Combine(Lesson.Root, "README.md");
        var text = await File.ReadAllTextAsync(readme);
        await File.WriteAllTextAsync(readme, ReadmeTable().Replace(text, string.Join('\n', table) + "\n"));
    }

    private static async Task<IReadOnlyList<string>> WholeRunsAsync(int rounds, string csharp, string python)
    {
        Measured training = new("training cell, 20,000 updates, in the notebook", "s"),
            command = new("the README's command, both parts (nbconvert: the original)", "s"),
            whole = new("run all of part 1 (runner, nbconvert)", "s"),
            uncached = new("run all of part 1, compilation cache empty", "s"),
            first = new("start to first printed tensor", "s"),
            memory = new("peak memory, all processes", "MiB");
        for (var round = 0; round <= rounds; round++)
        {
            var ours = await Contestant.CSharpAsync(csharp);
            var theirs = await Contestant.PythonAsync(python);
            var all = await Contestant.ReadmeCommandAsync();
            Contestant.EmptyCompilationCache();
            var compiled = await Contestant.CSharpAsync(csharp);
            Console.WriteLine($"round {round}: {ours} {theirs}");
            if (round > 0)
            {
                training.Add(ours.Training, theirs.Training);
                command.Add(all, theirs.Whole);
                whole.Add(ours.Whole, theirs.Whole);
                uncached.Add(compiled.Whole, theirs.Whole);
                first.Add(ours.FirstTensor, theirs.FirstTensor);
                memory.Add(ours.Memory, theirs.Memory);
            }
        }

        return [.. new[] { training, command, whole, uncached, first, memory }.Select(row => row.ToString())];
    }

    private static async Task<IEnumerable<string>> GrowthAsync(int rounds)
    {
        Measured[] rows = [.. new[] { Epochs / 4, Epochs / 2, Epochs, 2 * Epochs }.Select(epochs => new Measured($"{epochs} epochs, second run in one session", "s"))];
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                var (ours, theirs) = await BothAsync("train", Epochs / 4 << i, 2);
                rows[i].Add(ours[1][0], theirs[1][0]);
            }
        }

        return rows.Select(row => row.ToString());
    }

    private static async Task<string> ReRunsAsync()
    {
        var (ours, theirs) = await BothAsync("train", Epochs, ReRuns);
        return $"Memory over {ReRuns} re-runs of the training cell: C# {ours[0][1]:0} to {ours[^1][1]:0} MiB, PyTorch {theirs[0][1]:0} to {theirs[^1][1]:0} MiB.";
    }

    private static async Task<IEnumerable<string>> PartsAsync(int rounds)
    {
        List<Measured> rows = [.. Breakdown.Parts.Select(part => new Measured(part, "µs"))];
        for (var round = 0; round < rounds; round++)
        {
            var (ours, theirs) = await BothAsync("parts", 4 * Epochs);
            rows.ForEach(row => row.Add(ours[0][rows.IndexOf(row)], theirs[0][rows.IndexOf(row)]));
        }

        return rows.Select(row => row.ToString());
    }

    // Both sides have commands with the same names and output format.
    private static async Task<(List<double[]> Ours, List<double[]> Theirs)> BothAsync(string command, params int[] arguments)
    {
        var texts = arguments.Select(argument => $"{argument}").ToList();
        return (
            await Contestant.NumbersAsync(Self, [command, .. texts]),
            await Contestant.NumbersAsync(Contestant.Python, [Contestant.PythonFile(command), .. texts]));
    }

    private static string FloorLine()
    {
        Floor.Train(Epochs);
        var (seconds, loss) = Floor.Train(Epochs);
        return $"The same arithmetic as plain C# loops on arrays: {seconds * 1000:0.0} ms (loss at the end {loss:0.0000}); the rest is what eager autograd costs.";
    }

    [GeneratedRegex(@"(?<=<!-- Written by bench/run\. -->\n).*?(?=<!-- End\. -->)", RegexOptions.Singleline)]
    private static partial Regex ReadmeTable();
}

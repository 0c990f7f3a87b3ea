namespace Backprop.Bench;

/// <summary>Measures part 1 with hidden layers of several sizes.</summary>
internal static class HiddenUnits
{
    private const int Epochs = 1250;
    private const int UpdatesPerEpoch = 4;

    // By default libtorch divides the products of wide layers between threads.
    private static readonly (int Size, bool OnOneThread)[] Networks = [(2, false), (32, false), (256, false), (256, true), (2048, false), (2048, true)];

    /// <summary>Returns table rows: the time of an update and the peak memory for each network.</summary>
    /// <param name="rounds">How often to run each side.</param>
    /// <param name="folder">The folder for the notebooks.</param>
    public static async Task<IEnumerable<string>> RowsAsync(int rounds, string folder)
    {
        var rows = new List<Measured>();
        foreach (var (size, onOneThread) in Networks)
        {
            var name = onOneThread ? $"{size} hidden units, one thread" : $"{size} hidden units";
            var (update, memory) = (new Measured($"{name}, an update", "µs"), new Measured($"{name}, peak memory", "MiB"));
            var weights = Lesson.Weights(size) + (onOneThread ? "\ntorch.set_num_threads(1);" : "");
            var (csharp, python) = (Lesson.WriteTo(folder, weights, Epochs), Path.Combine(folder, "hidden.ipynb"));
            await Contestant.NumbersAsync(Contestant.Python, Contestant.PythonFile("notebook"), python, weights, $"{Epochs}");
            for (var round = 0; round <= rounds; round++)
            {
                var (ours, theirs) = (await Contestant.CSharpAsync(csharp), await Contestant.PythonAsync(python));
                if (round > 0)
                {
                    update.Add(Update(ours), Update(theirs));
                    memory.Add(ours.Memory, theirs.Memory);
                }
            }

            rows.AddRange([update, memory]);
        }

        return rows.Select(row => row.ToString());
    }

    private static double Update(WholeRun run) => run.Training / (Epochs * UpdatesPerEpoch) * 1e6;
}

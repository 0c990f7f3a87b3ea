namespace Backprop.Bench;

/// <summary>Measures part 1 with hidden layers of several sizes.</summary>
internal static class HiddenUnits
{
    private const int Epochs = 1250;
    private const int UpdatesPerEpoch = 4;

    private static readonly int[] Sizes = [2, 32, 256, 2048];

    /// <summary>Returns table rows: the time of an update and the peak memory for each size.</summary>
    /// <param name="rounds">How often to run each side.</param>
    /// <param name="folder">The folder for the notebooks.</param>
    public static async Task<IEnumerable<string>> RowsAsync(int rounds, string folder)
    {
        var rows = new List<Measured>();
        foreach (var size in Sizes)
        {
            var (update, memory) = (new Measured($"{size} hidden units, an update", "µs"), new Measured($"{size} hidden units, peak memory", "MiB"));
            var (csharp, python) = (Lesson.WriteTo(folder, size, Epochs), Path.Combine(folder, $"hidden{size}.ipynb"));
            await Contestant.NumbersAsync(Contestant.Python, Contestant.PythonFile("notebook"), python, Lesson.Weights(size), $"{Epochs}");
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

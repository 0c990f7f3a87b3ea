namespace Backprop.Bench;

/// <summary>Measures part 1 in Jupyter kernels: ours and .NET Interactive's, each beside ipykernel.</summary>
internal static class Kernels
{
    private static readonly (string Name, string Title)[] CSharp = [("backprop", "our kernel"), (".net-csharp", ".NET Interactive")];

    /// <summary>Returns table rows: the first code cell, which loads the library, and the training cell.</summary>
    /// <param name="rounds">How often to run each kernel.</param>
    /// <param name="csharp">The C# notebook.</param>
    /// <param name="python">The Python notebook.</param>
    public static async Task<IEnumerable<string>> RowsAsync(int rounds, string csharp, string python)
    {
        var rows = new List<Measured>();
        foreach (var (name, title) in CSharp)
        {
            var (first, training) = (new Measured($"{title}: first code cell (ipykernel: import torch)", "s"), new Measured($"{title}: training cell", "s"));
            for (var round = 0; round <= rounds; round++)
            {
                var (ours, theirs) = (await RunAsync(name, csharp), await RunAsync("python3", python));
                if (round > 0)
                {
                    first.Add(ours[0], theirs[0]);
                    training.Add(ours[1], theirs[1]);
                }
            }

            rows.AddRange([first, training]);
        }

        return rows.Select(row => row.ToString());
    }

    private static async Task<double[]> RunAsync(string kernel, string notebook) =>
        (await Contestant.NumbersAsync(Contestant.Python, Contestant.PythonFile("cells"), kernel, notebook))[0];
}

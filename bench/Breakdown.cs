using Backprop.Runner.Documents;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Bench;

/// <summary>Measures each part of the lesson's training cell: the median of many updates, in µs.</summary>
internal static class Breakdown
{
    private const string Cell = """
        var parts = new List<double>[] { [], [], [], [], [] };
        var scope = torch.NewDisposeScope();
        for (var update = 0; update < UPDATES; update++)
        {
            var i = update % 4;
            Time(0, () => zero_grad([w1, b1, w2, b2]));
            Time(1, () =>
            {
                scope.Dispose();
                scope = torch.NewDisposeScope();
                loss = (y[i] - forward(x[i])).pow(2);
            });
            Time(2, () => loss.backward());
            Time(3, () => step([w1, b1, w2, b2]));
            Time(4, () =>
            {
                using (no_grad())
                    losses.Add(mean((y - forward(x).squeeze()).pow(2)).item<float>());
            });
        }
        print(string.Join(' ', parts.Select(part => part.Order().ElementAt(UPDATES / 2))));

        void Time(int part, Action work)
        {
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            work();
            parts[part].Add(System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
        """;

    /// <summary>The names of the parts, in the order in which both sides print their times.</summary>
    public static IReadOnlyList<string> Parts { get; } =
        ["zero_grad", "forward and loss; the last update is freed", "backward", "step", "loss on all four samples (once an epoch)"];

    public static async Task RunAsync(int updates)
    {
        var shown = "";
        using var session = new Session(Lesson.Root, output =>
        {
            Training.Fail(output);
            shown = output is StreamOutput text ? text.Text : shown;
        });
        foreach (var cell in Lesson.Part1.Cells.Where(cell => cell.Kind == CellKind.Code).SkipLast(1))
        {
            await Training.RunAsync(session, cell.Source);
        }

        await Training.RunAsync(session, "losses = [];" + Cell.Replace("UPDATES", $"{updates}", StringComparison.Ordinal));
        Console.Write(shown);
    }
}

using System.Text.RegularExpressions;
using Backprop.Runner.Documents;
using Backprop.Runner.Outputs;

namespace Backprop.Tests.Lesson;

/// <summary>Part 2 of the lesson: every section on its own, with the numbers in its prose.</summary>
public sealed partial class PartTwoTests(PartTwoTests.Prepared part) : IClassFixture<PartTwoTests.Prepared>
{
    private static readonly Notebook Lesson = NotebookFile.Read(Path.Combine(TestData.Root, "Backprop.dib"));

    [Fact]
    public async Task The_graph_shows_the_gradients_of_all_nodes()
    {
        await Section("The graph that autograd recorded", "0.2525 arrives at `sum2` and so at `b2`", "0.0252 and -0.1010", "in `sum1` it is 0.0000");

        var (before, after) = (part.Texts[0], part.Texts[1].Split("The backward pass")[0]);
        Assert.Contains("b2 · AccumulateGrad  [0.]  [1]  grad [0.2525]", after, StringComparison.Ordinal);
        Assert.Contains("sum2 · AddBackward0  [0.0200]  [1]  grad [0.2525]", after, StringComparison.Ordinal);
        Assert.Contains("hidden · ReluBackward0  [0.2000, 0.0000]  [2]  grad [ 0.0252, -0.1010]", after, StringComparison.Ordinal);
        Assert.Contains("sum1 · AddBackward0  [ 0.2000, -0.2000]  [2]  grad [0.0252, 0.0000]", after, StringComparison.Ordinal);
        // Only operations inside matmul have no name.
        Assert.All(after.Split('\n').Where(line => Regex.IsMatch(line, "^ *[0-9]") && !line.Contains('·', StringComparison.Ordinal)), line => Assert.Matches("MmBackward0|UnsqueezeBackward0", line));
        Assert.DoesNotContain("grad", before.Split("Constants")[0].Replace("AccumulateGrad", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(after, "MmBackward0"));
        Assert.Single(Regex.Matches(after, "UnsqueezeBackward0"));
    }

    [Fact]
    public async Task The_steps_tell_why_gradients_are_zero()
    {
        await Section("The graph that autograd recorded", "▶ walks through the forward pass", "press ▶ step by step", "Steps 7 and 14", "`hidden`, whose second number is 0", "the sample, which is (0, 0)");

        var (before, after) = (part.Texts[0], part.Texts[1]);
        Assert.DoesNotContain("The backward pass", before, StringComparison.Ordinal);
        Assert.Contains("\nThe forward pass, step by step:\n 1 MmBackward0: sample · w1 = [[0, 0]] · [[0.1000, 0.3000], [0.2000, 0.1000]] = [[0, 0]]\n", before, StringComparison.Ordinal);
        Assert.Contains("\n 3 answer · SigmoidBackward0: 1.0100 × 0.5050 × (1 − 0.5050) = 0.2525\n", after, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^ 7 MmBackward0: .*; for w2: hiddenᵀ · gradient = \[\[0\.2000, 0\.0000\]\]ᵀ · 0\.2525 = \[\[0\.0505\], \[0\.0000\]\]$", after);
        Assert.Contains("\n14 MmBackward0: for w1: sampleᵀ · gradient = [[0, 0]]ᵀ · [[0.0252, 0.0000]] = [[0, 0], [0, 0]]\n", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_gradients_by_hand_are_exact()
    {
        await Section("The chain rule by hand", "All sixteen rows are exact");

        var rows = part.Texts[0].Split('\n')[2..];
        Assert.Equal(16, rows.Length);
        if (Rounding.IsThatOfTheReference)
        {
            Assert.All(rows, row => Assert.Matches(@" yes +yes +0$", row));
        }
    }

    [Fact]
    public async Task The_numerical_check_agrees_and_its_best_step_matches_the_prose()
    {
        await Section("The numerical check", "all nine numbers", "every one is below 1e-6", "near 3e-5", "ten times smaller, and the error gets a hundred times smaller");

        var errors = part.Texts[0].Split('\n')[2..].Select(row => Number(row.Split(' ')[^1])).ToList();
        Assert.Equal(9, errors.Count);
        Assert.All(errors, error => Assert.InRange(error, 0, 1e-6));
        var said = StepSummary().Match(part.Texts[1]);
        Assert.InRange(Number(said.Groups["best"].Value), 1e-6, 1e-4);
        Assert.Equal("0.01", (await part.Run("""var ratio = new GradientCheck(() => mean((y64 - p64.Forward(x64).squeeze()).pow(2)), new { p64.b2 }, 0.01).Results[0].RelativeError / new GradientCheck(() => mean((y64 - p64.Forward(x64).squeeze()).pow(2)), new { p64.b2 }, 0.1).Results[0].RelativeError; print($"{ratio:0.00}");""")).Prints.Trim());
    }

    [Fact]
    public async Task Without_zeroing_the_second_gradient_is_the_sum_of_both()
    {
        await Section("Why gradients are zeroed", "-0.4860, is the sum of both: -0.2449 from the first step and -0.2411 from the second");

        Assert.Matches(@"step 1: gradient of b2 +-0\.2449 +-0\.2449", part.Texts[0]);
        Assert.Matches(@"step 2: gradient of b2 +-0\.2411 +-0\.4860", part.Texts[0]);
    }

    [Fact]
    public async Task The_second_hidden_unit_turns_towards_the_two_ones()
    {
        await Section("What the network learned", "500 epochs do the work of 5000", "from corner to corner through the two ones");

        Assert.Matches(@"epoch 500: \(0, 0\) 0\.18\d*, \(0, 1\) 0\.90\d*, \(1, 0\) 0\.8[89]\d*, \(1, 1\) 0\.07\d*", part.Texts[0]);
        var distances = await part.Run("""
            {
                var net = new XorNetwork();
                net.Train(x, y, epochs: 500, learningRate: 0.1);
                var (a, b, c) = (net.w1[0, 1].item<float>(), net.w1[1, 1].item<float>(), net.b1[1].item<float>());
                print($"{Math.Max(Math.Abs(a + c), Math.Abs(b + c)) / Math.Sqrt(a * a + b * b):0.00}");
            }
            """);
        Assert.InRange(Number(distances.Prints.Trim()), 0, 0.02);
    }

    [Fact]
    public async Task Random_starts_end_as_the_prose_says()
    {
        await Section("Why these initial weights", "1000 networks", "About one network in four", "more than half", "with a loss of 0.25", "at 0.1667", "at 0.125");

        var counts = Counts().Match(part.Texts[0]);
        Assert.InRange(Number(counts.Groups["solved"].Value), 220, 300);
        Assert.InRange(Number(counts.Groups["dead"].Value), 500, 620);
        var places = await part.Run("""
            {
                var ends = RandomStarts.Train(x, y, networks: 1000, steps: 1000, learningRate: 1.0, seed: 1).Losses;
                print(ends.Count(l => l < 0.01 || new[] { 0.25, 1.0 / 6, 0.125 }.Any(place => Math.Abs(l - place) < 0.005)));
            }
            """);
        Assert.InRange(Number(places.Prints.Trim()), 980, 1000);
    }

    [Fact]
    public async Task Random_starts_train_in_seconds()
    {
        await part.Run("");
        var clock = System.Diagnostics.Stopwatch.StartNew();

        await part.Run("RandomStarts.Train(x, y, networks: 1000, steps: 1000, learningRate: 1.0, seed: 1)");

        // It may take five seconds on two idle cores. The bound leaves room for other load on the machine.
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public async Task Exercises_start_unsolved_and_their_solutions_are_right()
    {
        await Section("Exercises", "One pass leaves 0.2525", "near 3e-5");
        Assert.All(part.Texts, text => Assert.StartsWith("Not yet: ", text, StringComparison.Ordinal));
        Assert.Equal(6, part.Texts.Count);

        var solutions = Solution().Matches(string.Join('\n', Lesson.Cells.Where(cell => cell.Kind == CellKind.Markdown).Select(cell => cell.Source)));
        Assert.Equal(6, solutions.Count);
        foreach (var solution in solutions.Select(match => match.Groups["code"].Value))
        {
            Assert.Equal("Right.", Text((await part.Run(solution)).Outputs.Single()));
        }
    }

    [Theory]
    [InlineData("Exercises.CheckGradientOfW2((h, o, y) => h.Select(v => -2 * (o - y) * o * (1 - o) * v).ToArray())", "the sign is wrong")]
    [InlineData("Exercises.CheckGradientOfW2((h, o, y) => h.Select(v => (o - y) * o * (1 - o) * v).ToArray())", "factor of 2 is missing")]
    [InlineData("Exercises.CheckGradientOfW2((h, o, y) => h.Select(v => 2 * (o - y) * v).ToArray())", "slope of the sigmoid is missing")]
    [InlineData("Exercises.CheckGradientOfW2((h, o, y) => [1f])", "w2 has 2 numbers")]
    [InlineData("Exercises.CheckMomentum((value, g, v, n) => (value - n * g, 0.9 * v + g))", "Subtract n times the new velocity")]
    [InlineData("Exercises.CheckZeroGradients()", "5 more are zero. A weight's gradient is the incoming gradient times the weight's input: which input is 0?")]
    [InlineData("Exercises.CheckZeroGradients(\"w1[0,0]\", \"w1[0, 1]\")", "3 more are zero. Which hidden unit is off")]
    [InlineData("Exercises.CheckZeroGradients(\"w1[0, 0]\", \"w1[0, 1]\", \"w1[1, 1]\", \"b1[1]\")", "1 more is zero")]
    [InlineData("Exercises.CheckZeroGradients(\"b2[0]\")", "the gradient of b2[0] is -0.2449")]
    [InlineData("Exercises.CheckZeroGradients(\"w2[1]\")", "there is no number called w2[1]. The nine are w1[0, 0], ")]
    [InlineData("Exercises.CheckTwoPasses(0)", "nothing was zeroed, and no step was taken")]
    [InlineData("Exercises.CheckTwoPasses(0.2525)", "that is what one pass leaves")]
    [InlineData("Exercises.CheckTwoPasses(double.NaN)", "one pass adds 0.2525, but your answer for two is nan")]
    [InlineData("Exercises.CheckStepInFloat32(0)", "the step must be greater than zero")]
    [InlineData("Exercises.CheckStepInFloat32(3e-5)", "take a larger step")]
    [InlineData("Exercises.CheckStepInFloat32(0.5)", "take a smaller one")]
    [InlineData("Exercises.CheckSigmoidSlope(s => double.NaN)", "your function returns nan")]
    public async Task A_wrong_answer_gets_a_hint(string answer, string reason) =>
        Assert.Contains(reason, Text((await part.Run(answer)).Outputs.Single()), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public async Task Part_2_does_not_change_the_variables_of_part_1()
    {
        await part.Run("w1 = tensor([[7.0, 7], [7, 7]]); n = 0.5; losses = [1f];");

        foreach (var cell in Lesson.Cells.Skip(19).Where(cell => cell.Kind == CellKind.Code))
        {
            Assert.True((await part.Run(cell.Source)).Succeeded);
        }

        Assert.Equal("tensor([[7., 7.],\n        [7., 7.]]) 0.5 [1.0] None\n", (await part.Run("print(w1, n, losses, loss);")).Prints);
    }

    [Fact]
    public async Task Without_the_data_cell_every_cell_that_needs_the_data_says_which_cell_to_run()
    {
        using var session = new LessonCells();
        await session.BeginAsync();
        Assert.True((await session.RunAsync("cell", Loading)).Succeeded);
        var needing = 0;
        foreach (var cell in Lesson.Cells.Skip(18).Where(cell => cell.Kind == CellKind.Code && UsesData().IsMatch(cell.Source)))
        {
            needing++;
            var run = await session.RunAsync("cell", cell.Source);
            Assert.False(run.Succeeded, cell.Source);
            Assert.Contains("x has no value yet. Run the data cell first", run.Error!.Message, StringComparison.Ordinal);
        }

        Assert.Equal(6, needing);
    }

    // Part 2's first code cell, which loads the helpers for the others.
    private static string Loading => Lesson.Cells.First(cell => cell.Source.Contains("Inside.csx", StringComparison.Ordinal)).Source;

    // Runs the code cells of a section and requires that its prose contains the statements that the test checks.
    private async Task Section(string heading, params string[] statements)
    {
        var start = Lesson.Cells.Index().First(cell => cell.Item.Source.Contains($"## {heading}", StringComparison.Ordinal)).Index;
        var cells = Lesson.Cells.Skip(start + 1)
            .TakeWhile(cell => cell.Kind == CellKind.Code || !cell.Source.Contains("\n## ", StringComparison.Ordinal) && !cell.Source.StartsWith("## ", StringComparison.Ordinal)).ToList();
        var next = Lesson.Cells.ElementAtOrDefault(start + 1 + cells.Count)?.Source ?? "";
        var prose = string.Join('\n', cells.Where(cell => cell.Kind == CellKind.Markdown).Select(cell => cell.Source).Prepend(Lesson.Cells[start].Source).Append(next));
        Assert.All(statements, statement => Assert.Contains(statement, prose, StringComparison.Ordinal));

        part.Texts.Clear();
        foreach (var cell in cells.Where(cell => cell.Kind == CellKind.Code))
        {
            var run = await part.Run(cell.Source);
            Assert.True(run.Succeeded, run.Error?.Message);
            part.Texts.AddRange(run.Outputs.OfType<ValueOutput>().Select(Text));
        }
    }

    private static string Text(CellOutput output) => Assert.IsType<ValueOutput>(output).Data["text/plain"];

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\bx\[|\bx64\b|\(x, y")]
    private static partial Regex UsesData();

    [GeneratedRegex("smallest at h = (?<best>[^ ,]+), with")]
    private static partial Regex StepSummary();

    [GeneratedRegex("Of 1000 networks, (?<solved>[0-9]+) solve x-or, and (?<dead>[0-9]+) end with a dead hidden unit")]
    private static partial Regex Counts();

    [GeneratedRegex("<details>\n<summary>Solution</summary>\n\n```csharp\n(?<code>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Solution();

    /// <summary>A session in which the setup and the data cell have run.</summary>
    public sealed class Prepared : IAsyncLifetime
    {
        private readonly LessonCells cells = new();

        internal List<string> Texts { get; } = [];

        public async ValueTask InitializeAsync()
        {
            await cells.BeginAsync();
            Assert.True((await cells.RunAsync(5)).Succeeded);
            Assert.True((await Run(Loading)).Succeeded);
        }

        public ValueTask DisposeAsync()
        {
            cells.Dispose();
            return ValueTask.CompletedTask;
        }

        internal Task<CellRun> Run(string code) => cells.RunAsync("cell", code);
    }
}

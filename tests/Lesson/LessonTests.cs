using System.Text.Json.Nodes;
using Backprop.Runner.Outputs;

namespace Backprop.Tests.Lesson;

/// <summary>Part 1, compared with PyTorch's numbers and prints.</summary>
public sealed class LessonTests(LessonTests.SharedRun shared) : IClassFixture<LessonTests.SharedRun>
{
    private static readonly string[] Parameters = ["w1", "b1", "w2", "b2"];

    private readonly WholeRun lesson = shared.Run;
    private readonly JsonNode reference = JsonNode.Parse(File.ReadAllText(TestData.Path("lesson.json")))!;

    [Fact]
    public void The_setup_prints_nothing() => Assert.Empty(lesson.Runs[3].Outputs);

    [Fact]
    public void The_forward_pass_prints_its_tensors_with_their_grad_fn() =>
        Rounding.AssertSameText(
            """
            tensor([0.2000, 0.0000], grad_fn=<ReluBackward0>)
            tensor([0.5050], grad_fn=<SigmoidBackward0>)
            tensor([0.2550], grad_fn=<PowBackward0>)

            """,
            lesson.Runs[9].Prints);

    [Fact]
    public void The_backward_pass_prints_the_gradients() =>
        Rounding.AssertSameText(
            """
            tensor([[0.0505],
                    [0.0000]]) tensor([0.2525])
            tensor([[0., 0.],
                    [0., 0.]]) tensor([0.0252, 0.0000])

            """,
            lesson.Runs[11].Prints);

    [Fact]
    public void The_step_prints_the_parameters() =>
        Rounding.AssertSameText(
            """
            tensor([[0.1000, 0.3000],
                    [0.2000, 0.1000]], requires_grad=True) tensor([ 0.1997, -0.2000], requires_grad=True)
            tensor([[ 0.0995],
                    [-0.4000]], requires_grad=True) tensor([-0.0025], requires_grad=True)

            """,
            lesson.Runs[13].Prints);

    [Fact]
    public void The_full_run_prints_losses_parameters_and_predictions() =>
        Rounding.AssertSameText(
            """
            EPOCH 1 complete, loss 0.24752041697502136
            EPOCH 1001 complete, loss 0.2040688544511795
            EPOCH 2001 complete, loss 0.13945072889328003
            EPOCH 3001 complete, loss 0.05831518396735191
            EPOCH 4001 complete, loss 0.02551276609301567
            tensor([[1.6383, 2.2101],
                    [1.6393, 2.2098]], requires_grad=True) tensor([-5.1824e-04, -2.2097e+00], requires_grad=True)
            tensor([[ 2.2965],
                    [-3.8227]], requires_grad=True) tensor([-1.5349], requires_grad=True)
            (tensor(0.), tensor([0.1773], grad_fn=<SigmoidBackward0>))
            (tensor(1.), tensor([0.9028], grad_fn=<SigmoidBackward0>))
            (tensor(1.), tensor([0.9025], grad_fn=<SigmoidBackward0>))
            (tensor(0.), tensor([0.0789], grad_fn=<SigmoidBackward0>))

            """,
            lesson.Runs[16].Prints);

    [Theory]
    [InlineData("o1", "tensor([0.2000, 0.0000], grad_fn=<ReluBackward0>)", "tensor([0.2000, 0.0000], grad_fn=&lt;ReluBackward0&gt;)")]
    [InlineData("y", "tensor([0., 1., 1., 0.])", "tensor([0., 1., 1., 0.])")]
    public void A_tensor_as_a_cells_value_shows_as_PyTorch_prints_it(string name, string text, string html)
    {
        var shown = Assert.IsType<ValueOutput>(Assert.Single(lesson.Values[name].Outputs));

        Rounding.AssertSameText(text, shown.Data["text/plain"]);
        Rounding.AssertSameText($"<pre>{html}</pre>", shown.Data["text/html"]);
    }

    [Fact]
    public void The_curve_is_one_output_that_works_without_scripts()
    {
        var shown = Assert.IsType<ValueOutput>(Assert.Single(lesson.Runs[18].Outputs));

        Assert.True(shown.IsResult);
        Assert.Contains("<svg", shown.Data["text/html"], StringComparison.Ordinal);
        Assert.DoesNotContain("LossCurve", shown.Data["text/plain"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("o1")]
    [InlineData("o2")]
    [InlineData("loss")]
    public void The_forward_pass_is_PyTorchs_to_the_bit(string name) => AssertBits("forward", name);

    [Theory]
    [MemberData(nameof(ParameterNames))]
    public void Gradients_are_PyTorchs_to_the_bit(string name) => AssertBits("grads", name);

    [Theory]
    [MemberData(nameof(ParameterNames))]
    public void One_step_is_PyTorchs_to_the_bit(string name) => AssertBits("after_one_step", name);

    [Theory]
    [MemberData(nameof(ParameterNames))]
    public void Trained_parameters_are_PyTorchs_to_the_bit(string name) => AssertBits("trained", name);

    [Fact]
    public void The_loss_of_every_hundredth_epoch_is_PyTorchs_to_the_bit()
    {
        Assert.Equal(5000, lesson.Losses.Length);
        var recorded = reference["loss_by_epoch"]!.AsArray();
        Rounding.AssertSameBits(
            [.. recorded.Select(pair => (string)pair![1]!)],
            [.. recorded.Select(pair => lesson.Losses[(int)pair![0]! - 1])]);
    }

    [Fact]
    public void Predictions_are_PyTorchs_to_the_bit() =>
        Rounding.AssertSameBits(
            [.. reference["predictions"]!.AsArray().Select(prediction => (string)prediction!["bits"]![0]!)],
            lesson.Bits["predictions"]);

    public static TheoryData<string> ParameterNames() => [.. Parameters];

    private void AssertBits(string stage, string name) =>
        Rounding.AssertSameBits(
            [.. reference[stage]![name]!["bits"]!.AsArray().Select(bits => (string)bits!)],
            lesson.Bits[$"{stage} {name}"]);

    /// <summary>The one run that all classes with this fixture use.</summary>
    public sealed class SharedRun : IAsyncLifetime
    {
        private static readonly Lazy<Task<WholeRun>> Started = new(WholeRun.StartAsync);

        internal WholeRun Run { get; private set; } = new();

        public async ValueTask InitializeAsync() => Run = await Started.Value;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>A run of part 1, with the values after the relevant cells.</summary>
    internal sealed class WholeRun
    {
        public Dictionary<int, CellRun> Runs { get; } = [];

        public Dictionary<string, CellRun> Values { get; } = [];

        public Dictionary<string, string[]> Bits { get; } = [];

        public string[] Losses { get; private set; } = [];

        public static async Task<WholeRun> StartAsync()
        {
            var run = new WholeRun();
            await run.RunAsync();
            return run;
        }

        private async Task RunAsync()
        {
            using var cells = new LessonCells();
            Runs[3] = await cells.RunAsync(3);
            await cells.BeginAsync();
            foreach (var number in new[] { 5, 7, 9, 11, 13, 15, 16, 18 })
            {
                var run = await cells.RunAsync(number);
                Assert.True(run.Succeeded, $"Cell {number}: {run.Error?.Message}");
                Runs[number] = run;
                await RecordAsync(cells, number);
            }
        }

        private async Task RecordAsync(LessonCells cells, int number)
        {
            switch (number)
            {
                case 9:
                    await RecordBitsAsync(cells, "forward", "", "o1", "o2", "loss");
                    Values["o1"] = await cells.RunAsync("value", "o1");
                    Values["y"] = await cells.RunAsync("value", "y");
                    break;
                case 11:
                    await RecordBitsAsync(cells, "grads", ".grad", Parameters);
                    break;
                case 13:
                    await RecordBitsAsync(cells, "after_one_step", "", Parameters);
                    break;
                case 16:
                    await RecordBitsAsync(cells, "trained", "", Parameters);
                    Bits["predictions"] = await cells.BitsOfAsync("Enumerable.Range(0, 4).SelectMany(i => forward(x[i]).data<float>().ToArray())");
                    Losses = await cells.BitsOfAsync("losses");
                    break;
            }
        }

        private async Task RecordBitsAsync(LessonCells cells, string stage, string suffix, params string[] names)
        {
            foreach (var name in names)
            {
                Bits[$"{stage} {name}"] = await cells.BitsOfAsync($"{name}{suffix}.data<float>().ToArray()");
            }
        }
    }
}

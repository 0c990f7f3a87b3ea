using System.Xml.Linq;
using static Tensors;
using Tensor = TorchSharp.torch.Tensor;

namespace Backprop.Tests;

/// <summary>Pictures of training: random starts, the histogram.</summary>
public class TrainingPicturesTests
{
    private readonly Tensor x = tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]]);
    private readonly Tensor y = tensor([0f, 1, 1, 0]);

    [Fact]
    public void The_network_trains_like_part_1_to_the_bit()
    {
        var (one, other) = (new XorNetwork(), new XorNetwork());
        one.Train(x, y, epochs: 3, learningRate: 0.01);
        for (var i = 0; i < 12; i++)
        {
            other.ZeroGrad();
            (y[i % 4] - other.Forward(x[i % 4])).pow(2).backward();
            other.Step(0.01);
        }

        Assert.All(one.Parameters.Zip(other.Parameters), pair => Assert.True(pair.First.eq(pair.Second).all().item<bool>()));
    }

    [Fact]
    public void Random_starts_depend_only_on_the_seed()
    {
        var one = RandomStarts.Train(x, y, 50, 20, 1, seed: 7);

        Assert.Equal(one.Losses, RandomStarts.Train(x, y, 50, 20, 1, seed: 7).Losses);
        Assert.NotEqual(one.Losses, RandomStarts.Train(x, y, 50, 20, 1, seed: 8).Losses);
    }

    [Fact]
    public void Integer_samples_train_like_float32_samples() => Assert.Equal(
        RandomStarts.Train(x, y, networks: 3, steps: 5, learningRate: 0.5, seed: 3).Losses,
        RandomStarts.Train(tensor([[0, 0], [0, 1], [1, 0], [1, 1]]), tensor([0, 1, 1, 0]), networks: 3, steps: 5, learningRate: 0.5, seed: 3).Losses);

    [Fact]
    public void Networks_train_together_as_they_do_alone()
    {
        var few = RandomStarts.Train(x, y, 1, 200, 1, seed: 3);

        Assert.InRange(few.Losses[0], 0, 0.26);
        Assert.Equal(few.Solved == 1, few.Losses[0] < 0.1);
    }

    [Fact]
    public void Random_starts_that_end_in_nan_are_counted_separately()
    {
        var wild = RandomStarts.Train(x * float.PositiveInfinity, y, 20, 2, 1, seed: 3);

        Assert.Contains("20 end with a loss that is nan or infinite.", wild.ToText(), StringComparison.Ordinal);
        Assert.Contains("nan or infinite", wild.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Before_the_data_cell_it_says_which_cell_to_run() =>
        Assert.Contains("x has no value yet. Run the data cell first", Assert.Throws<ArgumentException>(() => RandomStarts.Train(null!, y, 1, 1, 1, 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Numbers_must_be_positive()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomStarts.Train(x, y, 0, 1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomStarts.Train(x, y, 1, 0, 1, 1));
    }

    [Fact]
    public void A_histogram_counts_every_value_once()
    {
        var histogram = new Histogram("t", "x", "things", [0, 0.1, 0.26, 0.99, 1], 4);

        Assert.Equal([2, 1, 0, 2], histogram.Counts);
        Assert.Equal(4, XElement.Parse(histogram.ToHtml()).Elements("rect").Count());
        Assert.Contains("0.75 ████", histogram.ToText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new double[0])]
    [InlineData(new[] { -1.0 })]
    [InlineData(new[] { double.NaN })]
    public void Values_that_a_histogram_cannot_count_are_an_error(double[] values) =>
        Assert.Throws<ArgumentException>(() => new Histogram("t", "x", "y", values, 4));
}

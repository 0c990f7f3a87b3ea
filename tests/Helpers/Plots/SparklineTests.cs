namespace Backprop.Tests;

public sealed class SparklineTests
{
    [Theory]
    [InlineData(new[] { 0.0, 1, 2, 3, 4, 5, 6, 7 }, "▁▂▃▄▅▆▇█")]
    [InlineData(new[] { 8.0, 4, 2, 1 }, "█▅▃▂")]
    [InlineData(new[] { -1.0, 0, 1 }, "▁▅█")]
    [InlineData(new[] { 3.0, 3 }, "██")]
    [InlineData(new[] { 0.0, 0 }, "▁▁")]
    [InlineData(new[] { 1.0, double.NaN, double.PositiveInfinity, 1 }, "█××█")]
    [InlineData(new[] { double.NaN }, "×")]
    public void The_heights_of_blocks_are_proportional_to_the_values(double[] values, string blocks) => Assert.Equal(blocks, Sparkline.Of(values));

    [Fact]
    public void A_block_of_many_values_shows_their_mean() =>
        Assert.Equal("█▅×", Sparkline.Of([8, 8, 8, 0, double.NaN, double.NaN], columns: 3));

    [Fact]
    public void A_long_curve_fits_a_terminal() => Assert.Equal(60, Sparkline.Of([.. TestData.Losses()]).Length);
}

namespace Backprop.Tests;

public sealed class SparklineTests
{
    [Theory]
    [InlineData(new[] { 0f, 1, 2, 3, 4, 5, 6, 7 }, "▁▂▃▄▅▆▇█")]
    [InlineData(new[] { 8f, 4, 2, 1 }, "█▅▃▂")]
    [InlineData(new[] { -1f, 0, 1 }, "▁▅█")]
    [InlineData(new[] { 3f, 3 }, "██")]
    [InlineData(new[] { 0f, 0 }, "▁▁")]
    [InlineData(new[] { 1f, float.NaN, float.PositiveInfinity, 1 }, "█××█")]
    [InlineData(new[] { float.NaN }, "×")]
    public void Blocks_are_as_high_as_the_values(float[] values, string blocks) => Assert.Equal(blocks, Sparkline.Of(values));

    [Fact]
    public void Many_values_share_a_block_by_their_mean() =>
        Assert.Equal("█▅×", Sparkline.Of([8, 8, 8, 0, float.NaN, float.NaN], columns: 3));

    [Fact]
    public void A_long_curve_fits_a_terminal() => Assert.Equal(60, Sparkline.Of(TestData.Losses()).Length);
}

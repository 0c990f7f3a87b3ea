namespace Backprop.Tests;

public sealed class PlotAxisTests
{
    [Theory]
    [InlineData(5000, "1000 2000 3000 4000 5000")]
    [InlineData(4999, "1000 2000 3000 4000")]
    [InlineData(12, "5 10")]
    [InlineData(3, "1 2 3")]
    [InlineData(2, "1 2")]
    [InlineData(1, "1")]
    [InlineData(20_000_000, "5e6 1e7 1.5e7 2e7")]
    public void An_axis_for_counted_things_has_integer_ticks(int last, string ticks) =>
        Assert.Equal(ticks, Labels(PlotAxis.Counted(1, last)));

    [Theory]
    [InlineData(new[] { 0.2475, 0.0142 }, "0 0.05 0.1 0.15 0.2 0.25")]
    [InlineData(new[] { 0.3, 0.3 }, "0 0.1 0.2 0.3")]
    [InlineData(new[] { 3.0, -1.0 }, "-1 0 1 2 3")]
    [InlineData(new[] { -1e-9 }, "-1e-9 -8e-10 -6e-10 -4e-10 -2e-10 0")]
    [InlineData(new[] { 3e38, double.NaN, double.PositiveInfinity }, "0 1e38 2e38 3e38")]
    [InlineData(new[] { 0.0 }, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(new double[0], "0 0.2 0.4 0.6 0.8 1")]
    public void A_linear_axis_runs_from_zero_to_a_round_number(double[] values, string ticks) =>
        Assert.Equal(ticks, Labels(PlotAxis.FromZero(values)));

    [Theory]
    [InlineData(new[] { 0.2475, 0.0142 }, "0.01 0.02 0.05 0.1 0.2 0.5")]
    [InlineData(new[] { 0.25, 0.25 }, "0.2 0.5")]
    [InlineData(new[] { 1.0 }, "1 2")]
    [InlineData(new[] { 1.0, 1e5, 0, -1, double.NaN }, "1 10 100 1000 10000 100000")]
    [InlineData(new[] { 1e-9, 1 }, "1e-8 1e-6 0.0001 0.01 1")]
    [InlineData(new double[0], "1 2")]
    public void A_logarithmic_axis_has_as_many_ticks_per_decade_as_fit(double[] values, string ticks) =>
        Assert.Equal(ticks, Labels(PlotAxis.Logarithmic(values)));

    [Fact]
    public void Positions_run_from_0_to_1()
    {
        var linear = PlotAxis.FromZero([10]);
        var logarithmic = PlotAxis.Logarithmic([1, 100]);

        Assert.Equal([0, 0.5, 1], new[] { 0.0, 5, 10 }.Select(linear.Position));
        Assert.Equal([0, 0.5, 1], new[] { 1.0, 10, 100 }.Select(logarithmic.Position));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_value_without_a_logarithm_has_no_position_on_a_logarithmic_axis(double value) =>
        Assert.Null(PlotAxis.Logarithmic([1, 100]).Position(value));

    private static string Labels(PlotAxis axis) => string.Join(' ', axis.Ticks.Select(tick => tick.Label));
}

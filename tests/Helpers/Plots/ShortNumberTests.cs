namespace Backprop.Tests;

public sealed class ShortNumberTests
{
    [Theory]
    [InlineData(0.24752041697502136, "0.2475")]
    [InlineData(0.0141538, "0.01415")]
    [InlineData(5000, "5000")]
    [InlineData(123456, "123500")]
    [InlineData(999999, "1e6")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.000012345, "1.234e-5")]
    [InlineData(-2.20974, "-2.21")]
    [InlineData(0, "0")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void A_number_has_at_most_four_digits(double value, string text) => Assert.Equal(text, ShortNumber.Of(value));
}

#nullable enable
using System;
using System.Globalization;
using System.Numerics;

/// <summary>Floating-point numbers as Python writes them, in every culture.</summary>
/// <remarks>
/// Python rounds the number's exact binary value, ties to even; .NET's own formats round ties away from zero.
/// So the digits are worked out here from the number as a fraction of two integers.
/// </remarks>
public static class PythonNumber
{
    /// <summary>As <c>f"{value:.4f}"</c> with <paramref name="digits"/> for 4.</summary>
    public static string Fixed(double value, int digits) =>
        Special(value) ?? Signed(value, () =>
        {
            var (numerator, denominator) = Fraction(Math.Abs(value));
            return WithPoint(Divide(numerator * BigInteger.Pow(10, digits), denominator), digits);
        });

    /// <summary>As <c>f"{value:.4e}"</c> with <paramref name="digits"/> for 4.</summary>
    public static string Scientific(double value, int digits) =>
        Special(value) ?? Signed(value, () =>
        {
            var (significand, exponent) = value == 0 ? (BigInteger.Zero, 0) : Decimal(Math.Abs(value), digits);
            return WithPoint(significand, digits) + Exponent(exponent);
        });

    /// <summary>As <c>repr(value)</c>: the fewest digits that read back as the same number.</summary>
    public static string Repr(double value) =>
        Special(value) ?? Signed(value, () =>
        {
            var (digits, exponent) = Shortest(Math.Abs(value).ToString("R", CultureInfo.InvariantCulture));
            return exponent is >= -4 and < 16 ? Plain(digits, exponent) : WithPointAfterFirst(digits) + Exponent(exponent);
        });

    private static string? Special(double value) =>
        double.IsNaN(value) ? "nan" : double.IsPositiveInfinity(value) ? "inf" : double.IsNegativeInfinity(value) ? "-inf" : null;

    private static string Signed(double value, Func<string> magnitude) => (double.IsNegative(value) ? "-" : "") + magnitude();

    // IEEE 754: a double is an integer of 53 bits times a power of two.
    private static (BigInteger Numerator, BigInteger Denominator) Fraction(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7ff);
        var mantissa = bits & 0xfffffffffffff;
        (mantissa, exponent) = exponent == 0 ? (mantissa, -1074) : (mantissa | (1L << 52), exponent - 1075);
        return exponent >= 0 ? (new BigInteger(mantissa) << exponent, BigInteger.One) : (mantissa, BigInteger.One << -exponent);
    }

    // value ≈ significand × 10^(exponent - digits), where significand has digits + 1 digits
    private static (BigInteger Significand, int Exponent) Decimal(double value, int digits)
    {
        var (numerator, denominator) = Fraction(value);
        var exponent = (int)Math.Floor(Math.Log10(value)) - 1;
        BigInteger significand;
        do
        {
            exponent++;
            var shift = digits - exponent;
            significand = shift >= 0
                ? Divide(numerator * BigInteger.Pow(10, shift), denominator)
                : Divide(numerator, denominator * BigInteger.Pow(10, -shift));
        }
        while (significand >= BigInteger.Pow(10, digits + 1));

        return (significand, exponent);
    }

    // Rounds to the nearest integer, ties to the even one.
    private static BigInteger Divide(BigInteger numerator, BigInteger denominator)
    {
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        var comparison = (remainder * 2).CompareTo(denominator);
        return comparison > 0 || (comparison == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }

    private static string WithPoint(BigInteger scaled, int digits)
    {
        var text = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
        return digits == 0 ? text : $"{text[..^digits]}.{text[^digits..]}";
    }

    private static string Exponent(int exponent) =>
        (exponent < 0 ? "e-" : "e+") + Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);

    // "1.25E-07", "0.0125" or "1250" as digits without leading or trailing zeros, and the power of ten of the first.
    private static (string Digits, int Exponent) Shortest(string text)
    {
        var parts = text.Split('E');
        var exponent = parts.Length > 1 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        var whole = parts[0].Split('.')[0];
        var all = parts[0].Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        return digits.Length == 0
            ? ("0", 0)
            : (digits.TrimEnd('0'), exponent + whole.Length - 1 - (all.Length - digits.Length));
    }

    private static string Plain(string digits, int exponent) =>
        exponent < 0 ? "0." + new string('0', -exponent - 1) + digits
        : digits.Length <= exponent + 1 ? digits.PadRight(exponent + 1, '0') + ".0"
        : $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";

    private static string WithPointAfterFirst(string digits) => digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
}

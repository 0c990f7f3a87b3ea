#nullable enable annotations
using System;
using System.Globalization;

/// <summary>Formats floating-point numbers as Python does, in every culture.</summary>
/// <remarks>
/// .NET rounds like Python, the exact binary value with ties to even
/// (https://learn.microsoft.com/dotnet/standard/base-types/standard-numeric-format-strings). Only the notation differs.
/// </remarks>
public static class PythonNumber
{
    /// <summary>Formats like <c>f"{value:.4f}"</c> with <paramref name="digits"/> for 4.</summary>
    public static string Fixed(double value, int digits) => Special(value) ?? Invariant(value, $"F{digits}");

    /// <summary>Formats like <c>f"{value:.4e}"</c> with <paramref name="digits"/> for 4.</summary>
    public static string Scientific(double value, int digits)
    {
        if (Special(value) is { } special)
        {
            return special;
        }

        var parts = Invariant(value, $"E{digits}").Split('E');
        return parts[0] + Exponent(int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Formats like <c>repr(value)</c>: with the fewest digits that read back as the same number.</summary>
    public static string Repr(double value)
    {
        if (Special(value) is { } special)
        {
            return special;
        }

        var (digits, exponent) = Shortest(Math.Abs(value));
        var magnitude = exponent is >= -4 and < 16 ? Plain(digits, exponent) : WithPointAfterFirst(digits) + Exponent(exponent);
        return (double.IsNegative(value) ? "-" : "") + magnitude;
    }

    /// <summary>Formats like <c>repr(complex(real, imaginary))</c>.</summary>
    public static string Complex(double real, double imaginary)
    {
        var sign = double.IsNegative(imaginary) && !double.IsNaN(imaginary) ? "" : "+";
        return real == 0 && !double.IsNegative(real)
            ? $"{Part(imaginary)}j"
            : $"({Part(real)}{sign}{Part(imaginary)}j)";

        static string Part(double value) => Repr(value) is var text && text.EndsWith(".0", StringComparison.Ordinal) ? text[..^2] : text;
    }

    private static string? Special(double value) =>
        double.IsNaN(value) ? "nan" : double.IsPositiveInfinity(value) ? "inf" : double.IsNegativeInfinity(value) ? "-inf" : null;

    private static string Invariant(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Exponent(int exponent) =>
        (exponent < 0 ? "e-" : "e+") + Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);

    // The digits without leading and trailing zeros, and the power of ten of the first one.
    private static (string Digits, int Exponent) Shortest(double value)
    {
        var text = Invariant(value, "R");
        if (double.Parse(text, CultureInfo.InvariantCulture) != value)
        {
            // Some .NET versions format 2⁻²⁵ as the number next to it: https://github.com/dotnet/runtime/pull/131131
            text = Invariant(value, "G17");
        }

        // "1.25E-07", "0.0125" or "1250"
        var parts = text.Split('E');
        var exponent = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
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

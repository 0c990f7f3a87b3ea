using System.Globalization;
using System.Text.RegularExpressions;

namespace Backprop.Tests.Browser;

/// <summary>Colours as a browser computes them: <c>rgb(r, g, b)</c>, <c>rgba(r, g, b, a)</c>, <c>color(srgb r g b)</c> or <c>#rrggbb</c>.</summary>
internal static class Colour
{
    /// <summary>Returns the contrast ratio of two opaque colours, from 1 to 21, as WCAG 2.2 defines it.</summary>
    public static double Contrast(string first, string second)
    {
        var (one, two) = (Luminance(first), Luminance(second));
        return (Math.Max(one, two) + 0.05) / (Math.Min(one, two) + 0.05);
    }

    /// <summary>Blends a colour over an opaque background.</summary>
    public static string Over(string front, string back)
    {
        var (color, opacity) = Parse(front);
        var mixed = color.Zip(Parse(back).Channels, (one, other) => Math.Round(opacity * one + (1 - opacity) * other));
        return string.Create(CultureInfo.InvariantCulture, $"rgb({string.Join(", ", mixed)})");
    }

    private static double Luminance(string colour)
    {
        var (channels, opacity) = Parse(colour);
        var linear = channels.Select(channel => channel / 255).Select(share => share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4)).ToList();
        return opacity == 1
            ? 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
            : throw new ArgumentException($"{colour} is transparent.", nameof(colour));
    }

    private static (List<double> Channels, double Opacity) Parse(string colour)
    {
        var numbers = colour.StartsWith('#')
            ? colour[1..].Chunk(2).Select(digits => (double)int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToList()
            : Regex.Matches(colour, @"[\d.]+").Select(number => double.Parse(number.Value, CultureInfo.InvariantCulture)).ToList();
        if (colour.StartsWith("color(srgb", StringComparison.Ordinal))
        {
            numbers = [.. numbers.Select(number => number * 255)];
        }

        return (numbers[..3], numbers.Count == 4 ? numbers[3] : 1);
    }
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace Backprop.Tests.Browser;

/// <summary>Colours as a browser computes them.</summary>
internal static class Colour
{
    /// <summary>The contrast of two colours, from 1 to 21, as WCAG 2.2 defines it.</summary>
    /// <param name="first">A colour without transparency, <c>rgb(r, g, b)</c> or <c>#rrggbb</c>.</param>
    /// <param name="second">Another.</param>
    public static double Contrast(string first, string second)
    {
        var (one, two) = (Luminance(first), Luminance(second));
        return (Math.Max(one, two) + 0.05) / (Math.Min(one, two) + 0.05);
    }

    private static double Luminance(string colour)
    {
        var channels = Channels(colour).Select(channel => channel <= 0.04045 ? channel / 12.92 : Math.Pow((channel + 0.055) / 1.055, 2.4)).ToList();
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2];
    }

    private static IEnumerable<double> Channels(string colour)
    {
        var channels = colour.StartsWith('#')
            ? colour[1..].Chunk(2).Select(digits => (double)int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture))
            : Regex.Matches(colour, @"[\d.]+").Select(channel => double.Parse(channel.Value, CultureInfo.InvariantCulture));
        var values = channels.ToList();
        return values.Count == 3 ? values.Select(value => value / 255) : throw new FormatException($"{colour} is no colour without transparency.");
    }
}

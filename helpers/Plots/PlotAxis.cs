#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

/// <summary>An axis of a plot: the positions of values, and ticks at round numbers.</summary>
public sealed class PlotAxis
{
    private readonly Func<double, double> position;

    private PlotAxis(double low, double high, IEnumerable<double> ticks, Func<double, double> position)
    {
        this.position = position;
        (Low, High) = (low, high);
        Ticks = ticks.Select(tick => (position(tick), ShortNumber.Of(tick))).ToList();
    }

    /// <summary>The value at the low end.</summary>
    public double Low { get; }

    /// <summary>The value at the high end.</summary>
    public double High { get; }

    /// <summary>The ticks, from low to high: the position of each, from 0 to 1, and its label.</summary>
    public IReadOnlyList<(double Position, string Label)> Ticks { get; }

    /// <summary>Returns the space that the labels and a title next to the axis need, in pixels.</summary>
    public int Margin(string title) => 16 + 8 * Ticks.Select(tick => tick.Label.Length).Append(title.Length).Max();

    /// <summary>Returns the position of a value, from 0 at the low end to 1 at the high end, or null if it is not on the axis.</summary>
    public double? Position(double value) => double.IsFinite(position(value)) ? position(value) : null;

    /// <summary>Creates a linear axis for counted things, with ticks at integers.</summary>
    public static PlotAxis Counted(int first, int last)
    {
        // A single thing is in the middle.
        var (low, high) = first == last ? (first - 0.5, last + 0.5) : (first, (double)last);
        var step = Math.Max(1, RoundStep((high - low) / 5));
        return Linear(low, high, step);
    }

    /// <summary>Creates a linear axis from zero (or a round number below a negative value) to a round number above the values.</summary>
    /// <param name="values">The values, of which non-finite ones are ignored.</param>
    public static PlotAxis FromZero(IEnumerable<double> values)
    {
        var withZero = values.Where(double.IsFinite).Append(0).ToList();
        var low = withZero.Min();
        var high = low < withZero.Max() ? withZero.Max() : low + 1;
        var step = RoundStep(high / 5 - low / 5);
        return Linear(Math.Floor(low / step) * step, Math.Ceiling(high / step) * step, step);
    }

    /// <summary>Creates a linear axis around values, wider by a tenth of their range on both sides.</summary>
    /// <param name="values">The values, of which non-finite ones are ignored.</param>
    public static PlotAxis Around(IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        var (low, high) = (finite.Min(), finite.Max());
        // A single value is in the middle.
        var margin = high > low ? (high - low) / 10 : Math.Max(Math.Abs(low), 1) / 2;
        (low, high) = (low - margin, high + margin);
        return Linear(low, high, RoundStep((high - low) / 5));
    }

    /// <summary>Creates a logarithmic axis for the positive values, between numbers that are 1, 2 or 5 times a power of ten; from 1 to 2 if none is positive.</summary>
    /// <param name="values">The values. Those that are not positive and finite are not on the axis.</param>
    public static PlotAxis Logarithmic(IEnumerable<double> values)
    {
        var positive = values.Where(value => double.IsFinite(value) && value > 0).DefaultIfEmpty(1).ToList();
        var first = LastOneTwoFive(positive.Min());
        var last = Math.Max(first + 1, FirstOneTwoFive(positive.Max()));
        var (low, high) = (OneTwoFive(first), OneTwoFive(last));
        // There is space for every 1, 2 and 5 in up to three decades, for powers of ten in up to seven, and for some of these beyond that.
        var every = last - first <= 9 ? 1 : 3 * ((last - first) / 21 + 1);
        var ticks = Enumerable.Range(first, last - first + 1).Where(index => index % every == 0).Select(OneTwoFive);
        return new(low, high, ticks, value => Math.Log(value / low) / Math.Log(high / low));
    }

    private static PlotAxis Linear(double low, double high, double step)
    {
        var first = Math.Ceiling(low / step - 1e-9);
        var count = (int)Math.Floor(high / step + 1e-9 - first) + 1;
        var ticks = Enumerable.Range(0, count).Select(i => (first + i) * step);
        return new(low, high, ticks, value => (value - low) / (high - low));
    }

    private static double RoundStep(double atLeast) => OneTwoFive(FirstOneTwoFive(atLeast));

    private static int FirstOneTwoFive(double atLeast)
    {
        var index = 3 * (int)Math.Floor(Math.Log10(atLeast)) - 1;
        while (OneTwoFive(index) < atLeast)
        {
            index++;
        }

        return index;
    }

    private static int LastOneTwoFive(double atMost)
    {
        var index = FirstOneTwoFive(atMost);
        return OneTwoFive(index) > atMost ? index - 1 : index;
    }

    // The numbers …, 0.1, 0.2, 0.5, 1, 2, 5, 10, …, of which 1 has index 0. Parsed, because the result of Math.Pow is not always the nearest double.
    private static double OneTwoFive(int index)
    {
        var exponent = (int)Math.Floor(index / 3.0);
        var digit = (index - 3 * exponent) switch { 0 => 1, 1 => 2, _ => 5 };
        return double.Parse(string.Create(CultureInfo.InvariantCulture, $"{digit}e{exponent}"), CultureInfo.InvariantCulture);
    }
}

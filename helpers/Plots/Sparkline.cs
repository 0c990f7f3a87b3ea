#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Linq;

/// <summary>Draws a curve as one line of text.</summary>
public static class Sparkline
{
    private const string Levels = "▁▂▃▄▅▆▇█";

    /// <summary>Draws values as blocks, with heights from zero (or the lowest negative value) to the highest value.</summary>
    /// <param name="values">The values, in order.</param>
    /// <param name="columns">The maximum number of characters. Each shows the mean of an equal share of the values.</param>
    /// <returns>The blocks, with × where no value is finite.</returns>
    public static string Of(IReadOnlyList<double> values, int columns = 60)
    {
        var count = Math.Min(columns, values.Count);
        var means = Enumerable.Range(0, count)
            .Select(i => Mean(values, (int)((long)i * values.Count / count), (int)((i + 1L) * values.Count / count)))
            .ToList();
        var withZero = means.OfType<double>().Append(0).ToList();
        var (low, height) = (withZero.Min(), withZero.Max() - withZero.Min());
        return string.Concat(means.Select(mean =>
            mean is not { } value ? '×'
            : height == 0 ? Levels[0]
            : Levels[Math.Min(Levels.Length - 1, (int)((value - low) / height * Levels.Length))]));
    }

    private static double? Mean(IReadOnlyList<double> values, int from, int to) =>
        Enumerable.Range(from, to - from).Select(i => values[i]).Where(double.IsFinite)
            .Select(value => (double?)value).Average();
}

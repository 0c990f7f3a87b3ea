#nullable enable annotations
using System;
using System.Globalization;

/// <summary>Formats numbers for labels, independently of the culture.</summary>
public static class ShortNumber
{
    /// <summary>Formats a number with at most four significant digits: <c>0.2475</c>, <c>5000</c>, <c>1.5e-7</c>; <c>nan</c> and <c>inf</c> as in Python.</summary>
    public static string Of(double value)
    {
        if (!double.IsFinite(value))
        {
            return PythonNumber.Repr(value);
        }

        var rounded = double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var format = rounded != 0 && Math.Abs(rounded) is < 1e-4 or >= 1e6 ? "0.###e0" : "0.#######";
        return rounded.ToString(format, CultureInfo.InvariantCulture);
    }
}

#nullable enable annotations
using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>Python's <c>print</c>, <c>str</c> and <c>repr</c>.</summary>
public static class Python
{
    /// <summary>Prints values as Python does, separated by spaces, with a line break at the end. Without values, prints an empty line.</summary>
    /// <remarks>
    /// C# itself formats an interpolated string among several values. Print it alone, or write <c>str($"…")</c>.
    /// </remarks>
    public static void print(params object?[] values) => Write(string.Join(' ', values.Select(str)));

    /// <summary>Prints one value. An array is printed as a list.</summary>
    [OverloadResolutionPriority(1)]
    public static void print(object? value) => Write(str(value));

    /// <summary>Prints an interpolated string as Python prints an f-string.</summary>
    [OverloadResolutionPriority(2)]
    public static void print(FormattableString? text) => Write(str(text));

    /// <summary>Returns Python's <c>str</c> of a value: a string unchanged, everything else as <see cref="repr(object?)"/>.</summary>
    public static string str(object? value) => value switch
    {
        string text => text,
        char character => character.ToString(),
        FormattableString text => str(text),
        _ => repr(value),
    };

    /// <summary>Returns an interpolated string as a Python f-string: every value as <see cref="str(object?)"/>, and a 0-dimensional tensor as its number.</summary>
    /// <remarks>A format after a colon is a C# format, in the invariant culture.</remarks>
    /// <exception cref="FormatException">A tensor with dimensions has a format.</exception>
    [OverloadResolutionPriority(1)]
    public static string str(FormattableString? text) => text?.ToString(FString.Provider) ?? "None";

    /// <summary>Returns Python's <c>repr</c> of a value.</summary>
    /// <remarks>A float is converted to double, like the result of PyTorch's <c>item()</c>.</remarks>
    public static string repr(object? value) => value switch
    {
        null => "None",
        bool truth => truth ? "True" : "False",
        float number => PythonNumber.Repr(number),
        double number => PythonNumber.Repr(number),
        Half number => PythonNumber.Repr((double)number),
        Complex number => PythonNumber.Complex(number.Real, number.Imaginary),
        Scalar number => repr(ValueOf(number)),
        string text => Quoted(text),
        char character => Quoted(character.ToString()),
        Tensor tensor => TensorText.repr(tensor),
        ITuple tuple => repr(Enumerable.Range(0, tuple.Length).Select(i => tuple[i]), "(", tuple.Length == 1 ? ",)" : ")"),
        IDictionary map => "{" + string.Join(", ", map.Keys.Cast<object>().Select(key => $"{repr(key)}: {repr(map[key])}")) + "}",
        Array { Rank: > 1 } array => Nested(array, []),
        IEnumerable items => repr(items.Cast<object?>(), "[", "]"),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>Returns Python's <c>repr</c> of a sequence of values.</summary>
    /// <param name="values">The values.</param>
    /// <param name="open">The opening bracket.</param>
    /// <param name="close">The closing bracket.</param>
    public static string repr(IEnumerable<object?> values, string open, string close) =>
        open + string.Join(", ", values.Select(repr)) + close;

    private static void Write(string line) => Console.Out.Write(line + "\n");

    // A multidimensional array as nested lists.
    private static string Nested(Array array, int[] index) =>
        index.Length == array.Rank
            ? repr(array.GetValue(index))
            : "[" + string.Join(", ", Enumerable.Range(array.GetLowerBound(index.Length), array.GetLength(index.Length)).Select(i => Nested(array, [.. index, i]))) + "]";

    private static object ValueOf(Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.is_complex()
            ? new Complex(tensor.real.to_type(torch.float64).item<double>(), tensor.imag.to_type(torch.float64).item<double>())
            : ValueOf(tensor.ToScalar());
    }

    private static object ValueOf(Scalar number) => number.Type switch
    {
        torch.ScalarType.Bool => number.ToBoolean(),
        torch.ScalarType.Int64 or torch.ScalarType.Int32 => number.ToInt64(),
        _ => number.ToDouble(),
    };

    // Source: the Python language reference, 2.4.1 "String and Bytes literals", and object.__repr__ of str.
    private static string Quoted(string text)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var quoted = new StringBuilder().Append(quote);
        foreach (var rune in text.EnumerateRunes())
        {
            quoted.Append(rune.Value switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\\' => "\\\\",
                var c when c == quote => "\\" + quote,
                _ when IsPrintable(rune) => rune.ToString(),
                < 0x100 => $"\\x{rune.Value:x2}",
                < 0x10000 => $"\\u{rune.Value:x4}",
                _ => $"\\U{rune.Value:x8}",
            });
        }

        return quoted.Append(quote).ToString();
    }

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or
        UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    /// <summary>Formats the values in an f-string: as Python does, unless a C# format is given.</summary>
    private sealed class FString : IFormatProvider, ICustomFormatter
    {
        public static readonly FString Provider = new();

        public object? GetFormat(Type? formatType) =>
            formatType == typeof(ICustomFormatter) ? this : CultureInfo.InvariantCulture.GetFormat(formatType ?? typeof(object));

        public string Format(string? format, object? arg, IFormatProvider? formatProvider)
        {
            var value = arg is Tensor tensor && tensor.dim() == 0 ? ValueOf(tensor) : arg;
            return format is null ? str(value)
                : value is Tensor ? throw new FormatException($"The format '{format}' is for one number, and this tensor has dimensions. Take out a number with item().")
                : value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture)
                : str(value);
        }
    }
}

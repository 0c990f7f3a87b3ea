#nullable enable
using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>Python's <c>print</c>, and its texts of values.</summary>
public static class Python
{
    /// <summary>Prints values as Python does, with a space between them and a line break at the end.</summary>
    public static void print(params object?[] values) => Console.Out.Write(string.Join(' ', values.Select(str)) + "\n");

    /// <summary>Prints an interpolated string as Python prints an f-string.</summary>
    public static void print(FormattableString text) => Console.Out.Write(text.ToString(FString.Provider) + "\n");

    /// <summary>A value as Python's <c>str</c> gives it: a text is itself, everything else as <see cref="repr(object?)"/>.</summary>
    public static string str(object? value) => value as string ?? repr(value);

    /// <summary>A value as Python's <c>repr</c> gives it.</summary>
    /// <remarks>A float counts as the double it is equal to, as the number that PyTorch's <c>item()</c> gives does.</remarks>
    public static string repr(object? value) => value switch
    {
        null => "None",
        bool truth => truth ? "True" : "False",
        float number => PythonNumber.Repr(number),
        double number => PythonNumber.Repr(number),
        Scalar number => repr(ValueOf(number)),
        string text => Quoted(text),
        char character => Quoted(character.ToString()),
        Tensor tensor => TensorText.repr(tensor),
        ITuple tuple => repr(Enumerable.Range(0, tuple.Length).Select(i => tuple[i]), "(", tuple.Length == 1 ? ",)" : ")"),
        IDictionary map => "{" + string.Join(", ", map.Keys.Cast<object>().Select(key => $"{repr(key)}: {repr(map[key])}")) + "}",
        IEnumerable items => repr(items.Cast<object?>(), "[", "]"),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>Several values as Python writes them in a tuple or a list.</summary>
    /// <param name="values">The values.</param>
    /// <param name="open">What stands before them.</param>
    /// <param name="close">What stands behind them.</param>
    public static string repr(IEnumerable<object?> values, string open, string close) =>
        open + string.Join(", ", values.Select(repr)) + close;

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

    /// <summary>The holes of an f-string: Python's text of the value, unless a C# format is given.</summary>
    private sealed class FString : IFormatProvider, ICustomFormatter
    {
        public static readonly FString Provider = new();

        public object? GetFormat(Type? formatType) =>
            formatType == typeof(ICustomFormatter) ? this : CultureInfo.InvariantCulture.GetFormat(formatType ?? typeof(object));

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) =>
            format is not null && arg is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture)
            : arg is Tensor tensor && tensor.dim() == 0 ? str(tensor.ToScalar())
            : str(arg);
    }
}

#nullable enable annotations
using System;
using System.Collections.Generic;
using System.IO;

/// <summary>A value that is displayed as HTML in notebooks and reports, and as text in a terminal.</summary>
/// <remarks>
/// Many outputs share one document, possibly several copies of the same one, and saved outputs are opened again. So the HTML of an
/// output has no ids, styles only classes that start with <c>backprop-</c>, and takes its colours from <c>currentColor</c>, which is
/// readable in light and dark themes. It is complete without scripts and without a network.
/// </remarks>
[TypeFormatterSource(typeof(RichOutputFormatters), PreferredMimeTypes = new[] { "text/html", "text/plain" })]
public abstract class RichOutput
{
    /// <summary>Returns the value as an HTML fragment.</summary>
    public abstract string ToHtml();

    /// <summary>Returns the value as text for a terminal, with lines separated by "\n".</summary>
    public abstract string ToText();

    /// <inheritdoc/>
    public sealed override string ToString() => ToText();
}

/// <summary>Tells .NET Interactive, which looks up this attribute by name, how to format a type.</summary>
/// <param name="formatterSourceType">The type that creates the formatters.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    /// <summary>The type that creates the formatters.</summary>
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>The MIME types of an output.</summary>
    public string[]? PreferredMimeTypes { get; set; }
}

/// <summary>Creates the formatters of <see cref="RichOutput"/>.</summary>
public sealed class RichOutputFormatters
{
    /// <summary>Returns one formatter for HTML and one for text.</summary>
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new RichOutputFormatter("text/html", output => output.ToHtml()),
        new RichOutputFormatter("text/plain", output => output.ToText()),
    ];
}

/// <summary>Formats a <see cref="RichOutput"/> as one MIME type.</summary>
/// <param name="mimeType">The MIME type.</param>
/// <param name="format">Formats the value.</param>
public sealed class RichOutputFormatter(string mimeType, Func<RichOutput, string> format)
{
    /// <summary>The MIME type.</summary>
    public string MimeType { get; } = mimeType;

    /// <summary>Writes a value if it is a <see cref="RichOutput"/>, and returns whether it is one.</summary>
    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not RichOutput output)
        {
            return false;
        }

        // If this file has Windows line endings, so do its raw strings.
        writer.Write(format(output).Replace("\r\n", "\n", StringComparison.Ordinal));
        return true;
    }
}

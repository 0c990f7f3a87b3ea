#nullable enable annotations
using System;
using System.Collections.Generic;
using System.IO;

/// <summary>A value that shows itself: as HTML in a notebook and in a report, as text in a terminal.</summary>
/// <remarks>
/// Many outputs share one document, the same one may be there twice, and a saved one is opened again. So the HTML of an output
/// has no ids, styles only classes that begin with <c>backprop-</c>, and takes its colours from <c>currentColor</c>,
/// which is readable in every theme, light or dark. It is complete without scripts and without a network.
/// </remarks>
[TypeFormatterSource(typeof(RichOutputFormatters), PreferredMimeTypes = new[] { "text/html", "text/plain" })]
public abstract class RichOutput
{
    /// <summary>The value as an HTML fragment.</summary>
    public abstract string ToHtml();

    /// <summary>The value as text for a terminal, its lines separated by "\n".</summary>
    public abstract string ToText();

    /// <inheritdoc/>
    public sealed override string ToString() => ToText();
}

/// <summary>Tells .NET Interactive, which knows this attribute by its name, how a type is shown.</summary>
/// <param name="formatterSourceType">The type that makes the formatters.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    /// <summary>The type that makes the formatters.</summary>
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>The mime types that one output carries together.</summary>
    public string[]? PreferredMimeTypes { get; set; }
}

/// <summary>Makes the formatters of <see cref="RichOutput"/>.</summary>
public sealed class RichOutputFormatters
{
    /// <summary>One formatter for HTML and one for text.</summary>
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new RichOutputFormatter("text/html", output => output.ToHtml()),
        new RichOutputFormatter("text/plain", output => output.ToText()),
    ];
}

/// <summary>Writes a <see cref="RichOutput"/> in one form.</summary>
/// <param name="mimeType">The mime type of the form.</param>
/// <param name="form">The form.</param>
public sealed class RichOutputFormatter(string mimeType, Func<RichOutput, string> form)
{
    /// <summary>The mime type of the form.</summary>
    public string MimeType { get; } = mimeType;

    /// <summary>Writes the form of a value, if the value is a <see cref="RichOutput"/>, and returns whether it is.</summary>
    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not RichOutput output)
        {
            return false;
        }

        // Where this file has the line ends of Windows, so have the texts in it.
        writer.Write(form(output).Replace("\r\n", "\n", StringComparison.Ordinal));
        return true;
    }
}

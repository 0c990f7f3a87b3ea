#nullable enable
using System;
using System.Collections.Generic;
using System.IO;

/// <summary>A value that shows itself as a picture or a table, and as plain text where there is only text.</summary>
/// <remarks>
/// The HTML is one fragment, complete without scripts and without a network; it takes its colours from the page around it,
/// and uses no id and no style sheet, so that any number of fragments can share a page.
/// </remarks>
[TypeFormatterSource(typeof(RichOutputFormatters), PreferredMimeTypes = new[] { "text/html", "text/plain" })]
public abstract class RichOutput
{
    /// <summary>The value as an HTML fragment.</summary>
    public abstract string ToHtml();

    /// <summary>The value as text, lines separated by <c>\n</c>.</summary>
    public abstract string ToText();

    /// <inheritdoc/>
    public override string ToString() => ToText();
}

/// <summary>
/// Tells a notebook's host which class makes the formatters for a type. Hosts know it by its name, so that no package has to be referenced:
/// https://github.com/dotnet/interactive/blob/main/docs/formatting.md.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TypeFormatterSourceAttribute : Attribute
{
    /// <summary>Names the class that makes the formatters.</summary>
    public TypeFormatterSourceAttribute(Type formatterSourceType) => FormatterSourceType = formatterSourceType;

    /// <summary>The class that makes the formatters, by a method <c>CreateTypeFormatters</c>.</summary>
    public Type FormatterSourceType { get; }

    /// <summary>The mime types in which a value is shown.</summary>
    public string[] PreferredMimeTypes { get; set; } = Array.Empty<string>();
}

/// <summary>Makes the formatters of <see cref="RichOutput"/>; called by the host.</summary>
public sealed class RichOutputFormatters
{
    /// <summary>The formatters, one for each mime type.</summary>
    public IEnumerable<object> CreateTypeFormatters()
    {
        yield return new RichOutputFormatter("text/html", value => value.ToHtml());
        yield return new RichOutputFormatter("text/plain", value => value.ToText());
    }
}

/// <summary>Writes values in one mime type; called by the host.</summary>
public sealed class RichOutputFormatter
{
    private readonly Func<RichOutput, string> write;

    /// <summary>Makes the formatter.</summary>
    public RichOutputFormatter(string mimeType, Func<RichOutput, string> write)
    {
        MimeType = mimeType;
        this.write = write;
    }

    /// <summary>The mime type written.</summary>
    public string MimeType { get; }

    /// <summary>Writes a value, if it is one of ours.</summary>
    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not RichOutput value)
        {
            return false;
        }

        writer.Write(write(value));
        return true;
    }
}

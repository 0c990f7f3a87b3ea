using Microsoft.AspNetCore.Html;

namespace Microsoft.DotNet.Interactive;

/// <summary>What a cell can call by its bare name, as in .NET Interactive.</summary>
public static class Kernel
{
    /// <summary>Shows a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The forms to show it in; when none are given, those that its type prefers.</param>
    /// <returns>The value shown, which can be updated.</returns>
    public static DisplayedValue display(object? value, params string[] mimeTypes) => value.Display(mimeTypes);

    /// <summary>HTML text as a value that shows itself as such.</summary>
    public static IHtmlContent HTML(string content) => new HtmlString(content);
}

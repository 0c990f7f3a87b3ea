using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;
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

    /// <summary>Takes away all that the cell has shown so far.</summary>
    /// <param name="wait">Leave it until there is something to show in its place.</param>
    public static void clear_output(bool wait = false) => Session.Current.Publish(new OutputsCleared(wait));

    /// <summary>HTML text as a value that shows itself as such.</summary>
    public static IHtmlContent HTML(string content) => new HtmlString(content);
}

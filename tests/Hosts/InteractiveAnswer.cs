using System.Text;

namespace Backprop.Tests.Hosts;

/// <summary>.NET Interactive's answer to a command.</summary>
/// <param name="events">The events up to the end of the command.</param>
internal sealed class InteractiveAnswer(IReadOnlyList<InteractiveEvent> events)
{
    /// <summary>The events, in order.</summary>
    public IReadOnlyList<InteractiveEvent> Events => events;

    /// <summary>The error message; null when the command succeeded.</summary>
    public string? Error => events[^1].Kind == "CommandFailed" ? (string?)events[^1].Content["message"] : null;

    /// <summary>The text on stdout.</summary>
    public string Prints => string.Concat(Of("StandardOutputValueProduced").Select(text => text.Values["text/plain"]));

    /// <summary>The text on stderr.</summary>
    public string StandardError => string.Concat(Of("StandardErrorValueProduced").Select(text => text.Values["text/plain"]));

    /// <summary>The diagnostics, each with severity, code and message.</summary>
    public IEnumerable<string> Diagnostics => Of("DiagnosticsProduced").SelectMany(produced => produced.Content["diagnostics"]!.AsArray())
        .Select(diagnostic => $"{diagnostic!["severity"]} {diagnostic["code"]}: {diagnostic["message"]}");

    /// <summary>The completions.</summary>
    public IEnumerable<string> Completions => Of("CompletionsProduced").SelectMany(produced => produced.Content["completions"]!.AsArray())
        .Select(completion => (string)completion!["displayText"]!);

    /// <summary>The hover text.</summary>
    public string Hover => string.Concat(Of("HoverTextProduced").SelectMany(produced => produced.Content["content"]!.AsArray())
        .Select(content => (string)content!["value"]!));

    /// <summary>The signatures in the signature help.</summary>
    public IEnumerable<string> Signatures => Of("SignatureHelpProduced").SelectMany(produced => produced.Content["signatures"]!.AsArray())
        .Select(signature => (string)signature!["label"]!);

    /// <summary>All outputs as text, in the form of <see cref="Jupyter.SavedCell.Shown"/>.</summary>
    public IReadOnlyList<string> Shown
    {
        get
        {
            var shown = new List<string>();
            var written = new StringBuilder();
            foreach (var produced in events)
            {
                if (produced.Kind == "StandardOutputValueProduced")
                {
                    written.Append(produced.Values["text/plain"]);
                }
                else if (produced.Kind is "DisplayedValueProduced" or "ReturnValueProduced" or "StandardErrorValueProduced" or "ErrorProduced")
                {
                    AddText();
                    shown.Add(string.Join('\n', produced.Values.OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => $"{value.Key}: {value.Value}")));
                }
            }

            AddText();
            return shown;

            void AddText()
            {
                if (written.Length > 0)
                {
                    shown.Add($"stdout: {written}");
                    written.Clear();
                }
            }
        }
    }

    private IEnumerable<InteractiveEvent> Of(string kind) => events.Where(produced => produced.Kind == kind);
}

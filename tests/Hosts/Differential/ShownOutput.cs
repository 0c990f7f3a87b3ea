using System.Text.RegularExpressions;
using Backprop.Runner.Outputs;

namespace Backprop.Tests.Hosts.Differential;

/// <summary>One thing that a cell showed, in the terms of both hosts.</summary>
/// <param name="Kind">A stream, <c>display</c>, <c>update</c>, <c>result</c> or <c>error</c>.</param>
/// <param name="Forms">Its text by mime type.</param>
internal sealed partial record ShownOutput(string Kind, IReadOnlyDictionary<string, string> Forms)
{
    private const string PlainText = "text/plain";

    /// <summary>What .NET Interactive showed.</summary>
    public static IReadOnlyList<ShownOutput> Of(InteractiveAnswer answer)
    {
        var shown = answer.Events.Select(Of).OfType<ShownOutput>().Where(output => RealHosts.WithoutItsOwn(output.Forms.Values).Count() == output.Forms.Count);
        return Joined(answer.Error is null ? shown : shown.Append(ErrorOf(answer.Error)));
    }

    /// <summary>What a session showed.</summary>
    public static IReadOnlyList<ShownOutput> Of(IEnumerable<CellOutput> outputs) => Joined(outputs.Select(Of));

    /// <summary>Whether a session showed what .NET Interactive did; that it gives plain text beside other forms is its way.</summary>
    /// <param name="original">What .NET Interactive showed.</param>
    public bool IsAs(ShownOutput original) =>
        Kind == original.Kind
        && Forms.Where(form => form.Key != PlainText || original.Forms.ContainsKey(PlainText)).OrderBy(form => form.Key, StringComparer.Ordinal)
            .SequenceEqual(original.Forms.OrderBy(form => form.Key, StringComparer.Ordinal));

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Kind}: {string.Join(" | ", Forms.OrderBy(form => form.Key, StringComparer.Ordinal).Select(form => form.Key == PlainText ? form.Value : $"{form.Key}: {form.Value}"))}";

    private static ShownOutput? Of(InteractiveEvent produced) => produced.Kind switch
    {
        "StandardOutputValueProduced" => new("stdout", Plain(produced.Values[PlainText])),
        "StandardErrorValueProduced" => new("stderr", Plain(produced.Values[PlainText])),
        "DisplayedValueProduced" => new("display", Comparable(produced.Values)),
        "DisplayedValueUpdated" => new("update", Comparable(produced.Values)),
        "ReturnValueProduced" => new("result", Comparable(produced.Values)),
        _ => null,
    };

    private static ShownOutput Of(CellOutput output) => output switch
    {
        StreamOutput text => new(text.Name, Plain(text.Text)),
        ValueOutput value => new(value.IsResult ? "result" : "display", Comparable(value.Data)),
        ValueUpdate update => new("update", Comparable(update.Data)),
        ErrorOutput { Name: "CompilationError" } error => new("error", Plain(Comparable(error.Message))),
        ErrorOutput error => new("error", Plain(Comparable($"{error.Name}: {error.Message}"))),
        _ => throw new ArgumentOutOfRangeException(nameof(output), output, null),
    };

    // Errors of the compiler without their places, exceptions without theirs; each host has its own way to tell them.
    private static ShownOutput ErrorOf(string message)
    {
        var errors = CompilerError().Matches(message).Select(match => match.Groups["text"].Value).ToList();
        return new("error", Plain(Comparable(errors.Count > 0 ? string.Join('\n', errors) : Places().Split(message)[0].TrimEnd())));
    }

    private static Dictionary<string, string> Plain(string text) => new() { [PlainText] = text };

    private static Dictionary<string, string> Comparable(IReadOnlyDictionary<string, string> forms) =>
        forms.ToDictionary(form => form.Key, form => Comparable(form.Value));

    // The numbers of submissions are the host's own affair.
    private static string Comparable(string text) => Submission().Replace(text, "$1");

    private static List<ShownOutput> Joined(IEnumerable<ShownOutput> outputs)
    {
        var joined = new List<ShownOutput>();
        foreach (var output in outputs.Where(output => output.Forms.Values.Any(text => text.Length > 0) || output.Kind is not ("stdout" or "stderr")))
        {
            if (output.Kind.StartsWith("std", StringComparison.Ordinal) && joined.Count > 0 && joined[^1].Kind == output.Kind)
            {
                joined[^1] = new(output.Kind, Plain(joined[^1].Forms[PlainText] + output.Forms[PlainText]));
            }
            else
            {
                joined.Add(output);
            }
        }

        return joined;
    }

    [GeneratedRegex(@"^.*\(\d+,\d+\): error (?<text>[A-Z]+\d+: .*?)\r?$", RegexOptions.Multiline)]
    private static partial Regex CompilerError();

    [GeneratedRegex(@"\r?\n   at | ---> |\r?\n   --- ")]
    private static partial Regex Places();

    [GeneratedRegex(@"(Submission|AnonymousType\d+)#\d+")]
    private static partial Regex Submission();
}

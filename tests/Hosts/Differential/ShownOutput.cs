using System.Text.RegularExpressions;
using Backprop.Runner.Outputs;

namespace Backprop.Tests.Hosts.Differential;

/// <summary>An output in a entry that is comparable between both hosts.</summary>
/// <param name="Kind">A stream, <c>display</c>, <c>update</c>, <c>result</c> or <c>error</c>.</param>
/// <param name="Data">The formatted value by MIME type.</param>
internal sealed partial record ShownOutput(string Kind, IReadOnlyDictionary<string, string> Data)
{
    private const string PlainText = "text/plain";

    /// <summary>Returns the outputs of .NET Interactive.</summary>
    public static IReadOnlyList<ShownOutput> Of(InteractiveAnswer answer)
    {
        var shown = answer.Events.Select(Of).OfType<ShownOutput>().Where(output => RealHosts.WithoutHostOutputs(output.Data.Values).Count() == output.Data.Count);
        return Joined(answer.Error is null ? shown : shown.Append(ErrorOf(answer.Error)));
    }

    /// <summary>Returns the outputs of a session.</summary>
    public static IReadOnlyList<ShownOutput> Of(IEnumerable<CellOutput> outputs) => Joined(outputs.Select(Of));

    /// <summary>Returns whether an output of a session equals that of .NET Interactive. A session may add plain text.</summary>
    /// <param name="original">The output of .NET Interactive.</param>
    public bool Matches(ShownOutput original) =>
        Kind == original.Kind
        && Data.Where(entry => entry.Key != PlainText || original.Data.ContainsKey(PlainText)).OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .SequenceEqual(original.Data.OrderBy(entry => entry.Key, StringComparer.Ordinal));

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Kind}: {string.Join(" | ", Data.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Key == PlainText ? entry.Value : $"{entry.Key}: {entry.Value}"))}";

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

    // Compile errors and exceptions without locations, which the hosts format differently.
    private static ShownOutput ErrorOf(string message)
    {
        var errors = CompilerError().Matches(message).Select(match => match.Groups["text"].Value).ToList();
        return new("error", Plain(Comparable(errors.Count > 0 ? string.Join('\n', errors) : Locations().Split(message)[0].TrimEnd())));
    }

    private static Dictionary<string, string> Plain(string text) => new() { [PlainText] = text };

    private static Dictionary<string, string> Comparable(IReadOnlyDictionary<string, string> data) =>
        data.ToDictionary(entry => entry.Key, entry => Comparable(entry.Value));

    // The numbers of submissions differ between hosts.
    private static string Comparable(string text) => Submission().Replace(text, "$1");

    private static List<ShownOutput> Joined(IEnumerable<ShownOutput> outputs)
    {
        var joined = new List<ShownOutput>();
        foreach (var output in outputs.Where(output => output.Data.Values.Any(text => text.Length > 0) || output.Kind is not ("stdout" or "stderr")))
        {
            if (output.Kind.StartsWith("std", StringComparison.Ordinal) && joined.Count > 0 && joined[^1].Kind == output.Kind)
            {
                joined[^1] = new(output.Kind, Plain(joined[^1].Data[PlainText] + output.Data[PlainText]));
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
    private static partial Regex Locations();

    [GeneratedRegex(@"(Submission|AnonymousType\d+)#\d+")]
    private static partial Regex Submission();
}

using System.Globalization;
using System.Text;

namespace Backprop.Runner.Outputs;

/// <summary>A text of any length of which the beginning and the end are kept, in bounded memory.</summary>
/// <param name="limit">How many characters are kept at each of its two ends, at least.</param>
internal sealed class BoundedText(int limit)
{
    private readonly StringBuilder head = new();
    private readonly StringBuilder tail = new();
    private long leftOutCharacters;
    private long leftOutLines;

    /// <summary>Puts a piece at the end.</summary>
    public void Append(string piece)
    {
        if (tail.Length == 0 && head.Length + piece.Length <= limit)
        {
            head.Append(piece);
            return;
        }

        tail.Append(piece);
        if (tail.Length > 2 * limit)
        {
            LeaveOut(tail.Length - limit);
        }
    }

    /// <summary>The text, with a mark where something was left out.</summary>
    public override string ToString() => leftOutCharacters == 0
        ? $"{head}{tail}"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{head}\n… truncated: {leftOutLines:N0} lines ({leftOutCharacters:N0} characters) are left out here …\n{tail}");

    // Whole lines, where they are short enough, so that neither a line nor a character is cut in two.
    private void LeaveOut(int count)
    {
        var text = tail.ToString();
        var lineEnd = text.IndexOf('\n', count);
        var cut = lineEnd >= 0 && lineEnd + 1 < text.Length ? lineEnd + 1 : count;
        cut -= char.IsLowSurrogate(text[cut]) ? 1 : 0;
        leftOutCharacters += cut;
        leftOutLines += text.AsSpan(0, cut).Count('\n');
        tail.Clear().Append(text, cut, text.Length - cut);
    }
}

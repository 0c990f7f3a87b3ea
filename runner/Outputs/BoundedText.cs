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
        var beginning = tail.Length == 0 ? BeginningOf(piece, limit - head.Length) : 0;
        head.Append(piece, 0, beginning);
        tail.Append(piece, beginning, piece.Length - beginning);
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

    // How much of a piece there is room for: like what is left out, whole lines where they are short enough.
    private int BeginningOf(string piece, int room)
    {
        if (piece.Length <= room)
        {
            return piece.Length;
        }

        var lines = piece.AsSpan(0, room).LastIndexOf('\n') + 1;
        return lines > 0 || piece.Length <= limit ? lines : room - (room > 0 && char.IsHighSurrogate(piece[room - 1]) ? 1 : 0);
    }

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

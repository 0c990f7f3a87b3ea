using System.Globalization;
using System.Text;

namespace Backprop.Runner.Outputs;

/// <summary>Collects text of any length in bounded memory by keeping only its beginning and its end.</summary>
/// <param name="limit">The minimum number of characters kept at each end.</param>
internal sealed class BoundedText(int limit)
{
    private readonly StringBuilder head = new();
    private readonly StringBuilder tail = new();
    private long omittedCharacters;
    private long omittedLines;

    /// <summary>Appends a piece.</summary>
    public void Append(string piece)
    {
        var toHead = tail.Length == 0 ? LengthThatFits(piece, limit - head.Length) : 0;
        head.Append(piece, 0, toHead);
        tail.Append(piece, toHead, piece.Length - toHead);
        if (tail.Length > 2 * limit)
        {
            DropFromTail(tail.Length - limit);
        }
    }

    /// <summary>Returns the text, with a note where it was truncated.</summary>
    public override string ToString() => omittedCharacters == 0
        ? $"{head}{tail}"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{head}\n… truncated: {omittedLines:N0} lines ({omittedCharacters:N0} characters) omitted …\n{tail}");

    // Whole lines if they are short enough, as in the tail.
    private int LengthThatFits(string piece, int room)
    {
        if (piece.Length <= room)
        {
            return piece.Length;
        }

        var lines = piece.AsSpan(0, room).LastIndexOf('\n') + 1;
        return lines > 0 || piece.Length <= limit ? lines : room - (room > 0 && char.IsHighSurrogate(piece[room - 1]) ? 1 : 0);
    }

    // Whole lines if they are short enough, and never half of a surrogate pair.
    private void DropFromTail(int count)
    {
        var text = tail.ToString();
        var lineEnd = text.IndexOf('\n', count);
        var cut = lineEnd >= 0 && lineEnd + 1 < text.Length ? lineEnd + 1 : count;
        cut -= char.IsLowSurrogate(text[cut]) ? 1 : 0;
        omittedCharacters += cut;
        omittedLines += text.AsSpan(0, cut).Count('\n');
        tail.Clear().Append(text, cut, text.Length - cut);
    }
}

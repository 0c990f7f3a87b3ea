using System.Text;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Execution;

/// <summary>
/// Sends what is written to the console to the session whose code writes it, and everything else to the real console.
/// Lines end in a line feed on every system, so that a notebook's outputs are the same on all of them.
/// </summary>
internal sealed class SessionConsole : TextWriter
{
    private static readonly SessionConsole Out = new(StreamKind.Out, Console.Out);
    private static readonly SessionConsole Error = new(StreamKind.Error, Console.Error);
    private static readonly SessionInput In = new(Console.In);

    private readonly StreamKind stream;
    private readonly TextWriter console;
    private readonly Lock holding = new();
    private string held = "";

    private SessionConsole(StreamKind stream, TextWriter console)
    {
        this.stream = stream;
        this.console = console;
        NewLine = "\n";
    }

    public override Encoding Encoding => console.Encoding;

    /// <summary>Puts itself between <see cref="Console"/> and the real console, also where a cell before has put something else.</summary>
    public static void Install()
    {
        Console.SetOut(Out);
        Console.SetError(Error);
        Console.SetIn(In);
    }

    /// <summary>Gives out what was held back for a second half that never came.</summary>
    public static void EndOfCell()
    {
        Out.Complete();
        Error.Complete();
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        if (Session.Running is not { } session)
        {
            console.Write(value);
        }
        else if (Whole(value) is { Length: > 0 } text)
        {
            session.Publish(new StreamOutput(stream, text));
        }
    }

    public override void WriteLine(string? value) => Write(value + NewLine);

    public override void WriteLine(ReadOnlySpan<char> buffer) => Write(string.Concat(buffer, NewLine));

    public override void Flush() => console.Flush();

    // A character beyond the Basic Multilingual Plane may come in two halves, each useless without the other.
    private string Whole(string value)
    {
        lock (holding)
        {
            var text = held + value;
            held = char.IsHighSurrogate(text[^1]) ? text[^1..] : "";
            return text[..^held.Length];
        }
    }

    private void Complete()
    {
        lock (holding)
        {
            if (held.Length > 0)
            {
                Session.Current.Publish(new StreamOutput(stream, "\uFFFD"));
                held = "";
            }
        }
    }
}

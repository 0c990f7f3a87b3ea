using System.Text;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Execution;

/// <summary>
/// Routes console output to the session whose code writes it, and everything else to the real console.
/// Lines end in a line feed on every platform, so that a notebook's outputs do not depend on it.
/// </summary>
internal sealed class SessionConsole : TextWriter
{
    private static readonly SessionConsole Out = new(StreamKind.Out, Console.Out);
    private static readonly SessionConsole Error = new(StreamKind.Error, Console.Error);
    private static readonly SessionInput In = new(Console.In);

    private readonly StreamKind stream;
    private readonly TextWriter console;
    private readonly Lock pendingLock = new();
    private string pending = "";

    private SessionConsole(StreamKind stream, TextWriter console)
    {
        this.stream = stream;
        this.console = console;
        NewLine = "\n";
    }

    public override Encoding Encoding => console.Encoding;

    /// <summary>Redirects <see cref="Console"/>, even when an earlier cell has redirected it.</summary>
    public static void Install()
    {
        Console.SetOut(Out);
        Console.SetError(Error);
        Console.SetIn(In);
    }

    /// <summary>Publishes what was held back for the second half of a surrogate pair that never came.</summary>
    public static void FlushPending()
    {
        Out.PublishPending();
        Error.PublishPending();
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
        else if (CompleteCharacters(value) is { Length: > 0 } text)
        {
            session.Publish(new StreamOutput(stream, text));
        }
    }

    public override void WriteLine(string? value) => Write(value + NewLine);

    public override void WriteLine(ReadOnlySpan<char> buffer) => Write(string.Concat(buffer, NewLine));

    public override void Flush() => console.Flush();

    // A character outside the Basic Multilingual Plane may be written in two halves, neither of which can be published alone.
    private string CompleteCharacters(string value)
    {
        lock (pendingLock)
        {
            var text = pending + value;
            pending = char.IsHighSurrogate(text[^1]) ? text[^1..] : "";
            return text[..^pending.Length];
        }
    }

    private void PublishPending()
    {
        lock (pendingLock)
        {
            if (pending.Length > 0)
            {
                Session.Current.Publish(new StreamOutput(stream, "\uFFFD"));
                pending = "";
            }
        }
    }
}

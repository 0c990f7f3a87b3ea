using System.Text;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Execution;

/// <summary>
/// Sends what is written to the console to the session whose code writes it, and everything else to the real console.
/// </summary>
internal sealed class SessionConsole : TextWriter
{
    private static readonly Lock Installing = new();
    private static bool installed;

    private readonly StreamKind stream;
    private readonly TextWriter console;

    private SessionConsole(StreamKind stream, TextWriter console)
    {
        this.stream = stream;
        this.console = console;
    }

    public override Encoding Encoding => console.Encoding;

    /// <summary>Puts itself between <see cref="Console"/> and the real console, once.</summary>
    public static void Install()
    {
        lock (Installing)
        {
            if (installed)
            {
                return;
            }

            Console.SetOut(new SessionConsole(StreamKind.Out, Console.Out));
            Console.SetError(new SessionConsole(StreamKind.Error, Console.Error));
            installed = true;
        }
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

        if (Session.Running is { } session)
        {
            session.Publish(new StreamOutput(stream, value));
        }
        else
        {
            console.Write(value);
        }
    }

    public override void WriteLine(string? value) => Write(value + NewLine);

    public override void WriteLine(ReadOnlySpan<char> buffer) => Write(string.Concat(buffer, NewLine));

    public override void Flush() => console.Flush();
}

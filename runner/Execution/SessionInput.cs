namespace Backprop.Runner.Execution;

/// <summary>Routes console input: code of a session reads from the session, everything else from the real console.</summary>
/// <param name="console">The real console.</param>
internal sealed class SessionInput(TextReader console) : TextReader
{
    private string line = "";
    private int position;

    public override int Peek() => Session.Running is null ? console.Peek() : FillLine() ? line[position] : -1;

    public override int Read() => Session.Running is null ? console.Read() : FillLine() ? line[position++] : -1;

    public override string? ReadLine()
    {
        if (Session.Running is not { } session)
        {
            return console.ReadLine();
        }

        if (position == line.Length)
        {
            return session.ReadLine();
        }

        var rest = line[position..^1];
        position = line.Length;
        return rest;
    }

    private bool FillLine()
    {
        if (position == line.Length && Session.Running!.ReadLine() is { } read)
        {
            (line, position) = (read + '\n', 0);
        }

        return position < line.Length;
    }
}

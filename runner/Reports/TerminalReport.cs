using System.Globalization;
using Backprop.Runner.Documents;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;
using Spectre.Console;

namespace Backprop.Runner.Reports;

/// <summary>Shows a run on the terminal as it happens, or as plain text when the output is redirected.</summary>
public sealed class TerminalReport : INotebookListener
{
    private const int MaxHeadingLength = 300;

    private readonly IAnsiConsole console;
    private readonly int cellCount;
    private bool atLineStart = true;

    /// <summary>Creates the report.</summary>
    /// <param name="console">The terminal.</param>
    /// <param name="cellCount">How many cells the notebook has.</param>
    public TerminalReport(IAnsiConsole console, int cellCount)
    {
        this.console = console;
        this.cellCount = cellCount;
    }

    /// <summary>Why writing to the terminal failed; null if it has not.</summary>
    public string? Failure { get; private set; }

    /// <inheritdoc/>
    public void CellStarted(Cell cell, int number)
    {
        var style = cell.Kind == CellKind.Code ? new Style(Color.Blue, decoration: Decoration.Bold) : new Style(decoration: Decoration.Dim);
        var place = string.Create(CultureInfo.InvariantCulture, $"[{number}/{cellCount}]");
        StartLine();
        var heading = Lines.FirstOf(cell.Source);
        WriteLine($"{place} {(heading.Length > MaxHeadingLength ? heading[..MaxHeadingLength] + "…" : heading)}", style);
    }

    /// <inheritdoc/>
    public void OutputShown(CellOutput output)
    {
        switch (output)
        {
            case StreamOutput text:
                Write(text.Text);
                break;
            case ValueOutput value:
                StartLine();
                Write(Plain(value.Data) + "\n");
                break;
            case ValueUpdate update:
                StartLine();
                Write(Plain(update.Data) + "\n");
                break;
            case ErrorOutput error:
                StartLine();
                WriteLine($"{error.Name}: {error.Message}", new Style(Color.Red, decoration: Decoration.Bold));
                foreach (var line in error.Traceback)
                {
                    WriteLine($"  {line}", new Style(Color.Red));
                }

                break;
        }
    }

    /// <inheritdoc/>
    public void CellFinished(ExecutedCell cell)
    {
        if (cell.ExecutionCount is not null)
        {
            StartLine();
            WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {cell.Duration.TotalSeconds:0.00} s"), new Style(decoration: Decoration.Dim));
        }
    }

    private static string Plain(IReadOnlyDictionary<string, string> data) =>
        data.TryGetValue("text/plain", out var text)
            ? text.TrimEnd('\n')
            : string.Join('\n', data.Select(entry => $"({entry.Key}, {entry.Value.Length} characters: see the report)"));

    private void StartLine()
    {
        if (!atLineStart)
        {
            Write("\n");
        }
    }

    private void WriteLine(string text, Style style)
    {
        Show(() => console.WriteAnsi(terminal => terminal.Style(style)));
        Write(text);
        Show(() => console.WriteAnsi(terminal => terminal.ResetStyle()));
        Write("\n");
    }

    // Cell output is written unchanged, without waiting for the end of the line.
    private void Write(string text)
    {
        if (text.Length > 0)
        {
            Show(() =>
            {
                console.Profile.Out.Writer.Write(text);
                console.Profile.Out.Writer.Flush();
            });
            atLineStart = text[^1] == '\n';
        }
    }

    // A failing terminal must not prevent the other reports.
    private void Show(Action write)
    {
        if (Failure is not null)
        {
            return;
        }

        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure = e.Message;
        }
    }
}

using System.Globalization;

namespace Backprop.Runner.Outputs;

/// <summary>The outputs of one cell as a saved notebook holds them: neighbouring text joined, updates applied, all in bounded memory.</summary>
public sealed class OutputLog
{
    /// <summary>How many characters of a long text are kept at its beginning, and as many or twice as many at its end.</summary>
    public const int TextLimit = 500_000;

    /// <summary>How many outputs are kept; neighbouring text counts as one.</summary>
    public const int CountLimit = 10_000;

    private readonly List<CellOutput> outputs = [];
    private BoundedText? text;
    private StreamKind stream;
    private int leftOut;
    private bool clearBeforeNext;

    /// <summary>The outputs so far, in order.</summary>
    public IReadOnlyList<CellOutput> Outputs
    {
        get
        {
            EndText();
            return leftOut == 0 ? outputs : [.. outputs.Take(CountLimit), Mark, .. outputs.Skip(CountLimit)];
        }
    }

    private StreamOutput Mark => new(
        StreamKind.Error,
        string.Create(CultureInfo.InvariantCulture, $"… truncated: {leftOut:N0} more outputs of this cell are left out here …\n"));

    /// <summary>Takes in the next output.</summary>
    public void Add(CellOutput output)
    {
        if (clearBeforeNext && output is not OutputsCleared)
        {
            Clear();
        }

        switch (output)
        {
            case OutputsCleared { Wait: true }:
                clearBeforeNext = true;
                break;
            case OutputsCleared:
                Clear();
                break;
            case StreamOutput written:
                Add(written);
                break;
            case ValueUpdate update:
                Apply(update);
                break;
            default:
                EndText();
                Keep(output);
                break;
        }
    }

    private void Clear()
    {
        outputs.Clear();
        (text, leftOut, clearBeforeNext) = (null, 0, false);
    }

    private void Add(StreamOutput written)
    {
        if (stream != written.Stream)
        {
            EndText();
            stream = written.Stream;
        }

        text ??= new BoundedText(TextLimit);
        text.Append(written.Text);
    }

    private void EndText()
    {
        if (text is not null)
        {
            Keep(new StreamOutput(stream, text.ToString()));
            text = null;
        }
    }

    // A failure is never left out: it is what the reader looks for.
    private void Keep(CellOutput output)
    {
        if (outputs.Count < CountLimit || output is ErrorOutput)
        {
            outputs.Add(output);
        }
        else
        {
            leftOut++;
        }
    }

    private void Apply(ValueUpdate update)
    {
        for (var i = 0; i < outputs.Count; i++)
        {
            if (outputs[i] is ValueOutput shown && shown.DisplayId == update.DisplayId)
            {
                outputs[i] = shown with { Data = update.Data };
            }
        }
    }
}

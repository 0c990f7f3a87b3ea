using System.Globalization;

namespace Backprop.Runner.Outputs;

/// <summary>Collects the outputs of one cell as a saved notebook holds them: consecutive text merged and updates applied, in bounded memory.</summary>
public sealed class OutputLog
{
    /// <summary>How many characters of a long text are kept at its beginning; at its end, up to twice as many.</summary>
    public const int TextLimit = 500_000;

    /// <summary>How many outputs are kept. Consecutive text counts as one.</summary>
    public const int CountLimit = 10_000;

    private readonly List<CellOutput> outputs = [];
    private BoundedText? text;
    private StreamKind stream;
    private int omitted;
    private bool clearBeforeNext;

    /// <summary>The outputs so far, in order.</summary>
    public IReadOnlyList<CellOutput> Outputs
    {
        get
        {
            EndText();
            return omitted == 0 ? outputs : [.. outputs.Take(CountLimit), TruncationNote, .. outputs.Skip(CountLimit)];
        }
    }

    private StreamOutput TruncationNote => new(
        StreamKind.Error,
        string.Create(CultureInfo.InvariantCulture, $"… truncated: {omitted:N0} more outputs omitted …\n"));

    /// <summary>Adds the next output.</summary>
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
                AddText(written);
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
        (text, omitted, clearBeforeNext) = (null, 0, false);
    }

    private void AddText(StreamOutput written)
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

    // An error is never omitted: it is what the reader looks for.
    private void Keep(CellOutput output)
    {
        if (outputs.Count < CountLimit || output is ErrorOutput)
        {
            outputs.Add(output);
        }
        else
        {
            omitted++;
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

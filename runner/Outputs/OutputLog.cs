namespace Backprop.Runner.Outputs;

/// <summary>The outputs of one cell as a saved notebook holds them: neighbouring text joined, updates applied.</summary>
public sealed class OutputLog
{
    private readonly List<CellOutput> outputs = [];

    /// <summary>The outputs so far, in order.</summary>
    public IReadOnlyList<CellOutput> Outputs => outputs;

    /// <summary>Takes in the next output.</summary>
    public void Add(CellOutput output)
    {
        switch (output)
        {
            case StreamOutput text when outputs.LastOrDefault() is StreamOutput last && last.Stream == text.Stream:
                outputs[^1] = last with { Text = last.Text + text.Text };
                break;
            case ValueUpdate update:
                Apply(update);
                break;
            default:
                outputs.Add(output);
                break;
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

using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace Backprop.Runner.Hosting;

/// <summary>Converts the events of a kernel to cell outputs.</summary>
/// <param name="listener">Receives the outputs.</param>
internal sealed class KernelOutputs(Action<CellOutput> listener) : IObserver<KernelEvent>
{
    private readonly DisplayIds ids = new();

    /// <inheritdoc/>
    public void OnNext(KernelEvent value)
    {
        switch (value)
        {
            case DisplayedValueUpdated updated:
                Update(updated.Value, updated.FormattedValues, updated.ValueId);
                break;
            case ReturnValueProduced produced:
                Show(produced.Value, produced.FormattedValues, produced.ValueId, isResult: true);
                break;
            case StandardOutputValueProduced text:
                Write(StreamKind.Out, text);
                break;
            case StandardErrorValueProduced text:
                Write(StreamKind.Error, text);
                break;
            case ErrorProduced error:
                listener(new StreamOutput(StreamKind.Error, error.Message + "\n"));
                break;
            case DisplayedValueProduced produced:
                Show(produced.Value, produced.FormattedValues, produced.ValueId, isResult: false);
                break;
        }
    }

    /// <summary>Shows a value that code displays after its cell has finished.</summary>
    public void ShowLate(DisplayedValue displayed)
    {
        if (displayed.IsUpdated)
        {
            Update(displayed.Value, displayed.FormattedValues, displayed.DisplayId);
        }
        else
        {
            Show(displayed.Value, displayed.FormattedValues, displayed.DisplayId, isResult: false);
        }
    }

    /// <inheritdoc/>
    public void OnCompleted()
    {
    }

    /// <inheritdoc/>
    public void OnError(Exception error)
    {
    }

    private void Show(object? value, IReadOnlyCollection<FormattedValue> formatted, string? id, bool isResult)
    {
        var shown = new ValueOutput(ValueFormat.WithPlainText(value, formatted), id ?? Guid.NewGuid().ToString(), isResult);
        ids.Add(formatted, shown);
        listener(shown);
    }

    private void Update(object? value, IReadOnlyCollection<FormattedValue> formatted, string id)
    {
        var display = ids.Find(formatted);
        listener(new ValueUpdate(ValueFormat.WithPlainText(value, formatted, display?.Data.Keys), display?.DisplayId ?? id));
    }

    private void Write(StreamKind stream, DisplayEvent text) =>
        listener(new StreamOutput(stream, string.Concat(text.FormattedValues.Select(item => item.Value))));
}

using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace Backprop.Runner.Hosting;

/// <summary>Turns what a kernel shows into the outputs of a cell.</summary>
/// <param name="listener">Is told the outputs.</param>
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

    /// <summary>Shows a value that code displays when its cell has ended.</summary>
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

    private void Show(object? value, IReadOnlyCollection<FormattedValue> forms, string? id, bool isResult)
    {
        var shown = new ValueOutput(ValueFormat.WithPlainText(value, forms), id ?? Guid.NewGuid().ToString(), isResult);
        ids.Add(forms, shown);
        listener(shown);
    }

    private void Update(object? value, IReadOnlyCollection<FormattedValue> forms, string id)
    {
        var display = ids.Find(forms);
        listener(new ValueUpdate(ValueFormat.WithPlainText(value, forms, display?.Data.Keys), display?.DisplayId ?? id));
    }

    private void Write(StreamKind stream, DisplayEvent text) =>
        listener(new StreamOutput(stream, string.Concat(text.FormattedValues.Select(form => form.Value))));
}

using Backprop.Runner.Outputs;

namespace Backprop.Tests.Runner;

/// <summary>The outputs of a session, without the progress that a restore displays and clears.</summary>
internal static class SessionOutputs
{
    private const string Progress = "Restoring packages:";

    /// <summary>Adds an output unless it belongs to the progress of a restore.</summary>
    public static void AddUnlessProgress(this List<CellOutput> outputs, CellOutput output)
    {
        var data = output switch
        {
            ValueOutput value => value.Data,
            ValueUpdate update => update.Data,
            _ => null,
        };
        var isProgress = data?.GetValueOrDefault("text/plain")?.StartsWith(Progress, StringComparison.Ordinal) == true;
        if (!isProgress && output is not OutputsCleared)
        {
            outputs.Add(output);
        }
    }
}

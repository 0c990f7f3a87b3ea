using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Hosting;

/// <summary>What a cell can call by its bare name beside what <see cref="Microsoft.DotNet.Interactive.Kernel"/> has.</summary>
public static class CellOutputs
{
    /// <summary>Clears all that the cell has shown so far, as IPython's function of this name does.</summary>
    /// <param name="wait">Whether to wait until there is something to show in its place.</param>
    /// <exception cref="InvalidOperationException">No session's code is running here.</exception>
    public static void clear_output(bool wait = false) => Session.Current.Publish(new OutputsCleared(wait));
}

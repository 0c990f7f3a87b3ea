using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Hosting;

/// <summary>The static methods that cells can call by their bare names, besides those of <see cref="Microsoft.DotNet.Interactive.Kernel"/>.</summary>
public static class CellOutputs
{
    /// <summary>Clears the outputs of the cell so far, like IPython's function of the same name.</summary>
    /// <param name="wait">Whether to wait for the next output before clearing.</param>
    /// <exception cref="InvalidOperationException">The caller is not the code of a session.</exception>
    public static void clear_output(bool wait = false) => Session.Current.Publish(new OutputsCleared(wait));
}

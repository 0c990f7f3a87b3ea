using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;

namespace Backprop.Runner.Hosting;

/// <summary>
/// The kernel command that runs a cell. It is not a <see cref="SubmitCode"/>, because the kernel would split that at each directive and
/// so lose the line numbers.
/// </summary>
internal sealed class CellCommand : KernelCommand
{
    /// <summary>Creates a command.</summary>
    /// <param name="kernelName">The name of the target kernel.</param>
    /// <param name="run">Runs the cell.</param>
    public CellCommand(string kernelName, KernelCommandInvocation run)
        : base(kernelName) => Handler = run;
}

using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;

namespace Backprop.Runner.Hosting;

/// <summary>
/// A cell on its way through the kernel. It is no <see cref="SubmitCode"/>, which the kernel would take apart at each directive, so that
/// the parts would no longer know their lines.
/// </summary>
internal sealed class CellCommand : KernelCommand
{
    /// <summary>Makes a command.</summary>
    /// <param name="kernelName">The kernel that it is for.</param>
    /// <param name="run">Runs the cell.</param>
    public CellCommand(string kernelName, KernelCommandInvocation run)
        : base(kernelName) => Handler = run;
}

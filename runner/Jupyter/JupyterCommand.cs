using System.CommandLine;
using Backprop.Runner.Jupyter.Installation;

namespace Backprop.Runner.Jupyter;

/// <summary>The commands that have to do with Jupyter.</summary>
internal static class JupyterCommand
{
    /// <summary>The command <c>jupyter</c> with all below it.</summary>
    public static Command Create() => new("jupyter", "The runner as a kernel of Jupyter, for Notebook, JupyterLab, VS Code and whatever else speaks to kernels.")
    {
        InstallCommand.Install(), InstallCommand.Uninstall(),
    };
}

using System.Diagnostics;
using System.Globalization;

namespace Backprop.Runner.Jupyter;

/// <summary>The process that started the kernel, which the kernel does not outlive.</summary>
internal static class ParentProcess
{
    // Jupyter's: on Windows it holds a handle instead of a process id, and Jupyter ends its kernels there by a job.
    private const string Variable = "JPY_PARENT_PID";

    /// <summary>Waits until it has ended; for ever where there is none.</summary>
    public static async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        var id = 0;
        if (OperatingSystem.IsWindows() || !int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out id) || id <= 1)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        try
        {
            using var parent = Process.GetProcessById(id);
            await parent.WaitForExitAsync(cancellationToken);
        }
        catch (ArgumentException)
        {
            // It has ended already.
        }
    }
}

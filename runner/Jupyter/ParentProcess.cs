using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Backprop.Runner.Jupyter;

/// <summary>The process that started the kernel, which the kernel does not outlive.</summary>
internal static class ParentProcess
{
    // Jupyter's: on Windows it holds a handle instead of a process id, and Jupyter ends its kernels there by a job.
    private const string Variable = "JPY_PARENT_PID";

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(0.5);

    /// <summary>Waits until it has ended; for ever where there is none.</summary>
    public static async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        var id = 0;
        if (OperatingSystem.IsWindows() || !int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out id) || id <= 1)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        // A process that has ended still exists until its own parent asks how, but its children have another parent at once.
        var isOurs = ParentId() == id;
        while (isOurs ? ParentId() == id : Exists(id))
        {
            await Task.Delay(BetweenLooks, cancellationToken);
        }
    }

    private static bool Exists(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "getppid")]
    private static extern int ParentId();
}

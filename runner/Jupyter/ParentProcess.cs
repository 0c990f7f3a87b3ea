using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Backprop.Runner.Jupyter;

/// <summary>The process that started the kernel. The kernel exits when it does.</summary>
internal static class ParentProcess
{
    // Set by Jupyter. On Windows it holds a handle instead of a process id, and Jupyter ends its kernels there with a job object.
    private const string Variable = "JPY_PARENT_PID";

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(0.5);

    /// <summary>Waits until the process has ended, or indefinitely if there is none.</summary>
    public static async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        var id = 0;
        if (OperatingSystem.IsWindows() || !int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out id) || id <= 1)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        // A process that has ended exists until its parent reaps it, but its children get a new parent at once.
        var isDirectParent = ParentId() == id;
        while (isDirectParent ? ParentId() == id : Exists(id))
        {
            await Task.Delay(PollInterval, cancellationToken);
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

namespace Backprop.Runner.Workers;

/// <summary>The process that ran a cell ended before the cell did.</summary>
internal sealed class WorkerEndedException : Exception
{
    /// <summary>The process ended by itself, or was ended from outside.</summary>
    /// <param name="exitCode">The process's exit code.</param>
    public WorkerEndedException(int exitCode)
        : base(Explain(exitCode))
    {
    }

    /// <summary>The process was ended by the runner.</summary>
    /// <param name="reason">Why.</param>
    public WorkerEndedException(string reason)
        : base(reason)
    {
    }

    // Where a signal ends a process, .NET gives 128 and the signal's number; Windows gives an NTSTATUS, or an error code of .NET's.
    private static string Explain(int exitCode) => unchecked((uint)exitCode) switch
    {
        128 + 6 => "The process was aborted (SIGABRT), as after a stack overflow or a failure that nothing can catch.",
        128 + 9 => "The process was killed (SIGKILL), as when the machine runs out of memory.",
        128 + 11 => "Native code read or wrote where it must not (SIGSEGV).",
        0xC00000FD => "The stack overflowed.",
        0xC0000005 => "Native code read or wrote where it must not (access violation).",
        0xC0000602 or 0x80131623 => "The process was aborted, as after Environment.FailFast or a failure in native code.",
        0xE0434352 => "The process was aborted: nothing caught an exception.",
        _ => $"The process ended with exit code {exitCode}, as after Environment.Exit({exitCode}).",
    };
}

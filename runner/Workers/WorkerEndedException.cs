namespace Backprop.Runner.Workers;

/// <summary>Thrown when a worker process ends before its cell does.</summary>
internal sealed class WorkerEndedException : Exception
{
    /// <summary>Creates the exception for a process that exited or was killed.</summary>
    /// <param name="exitCode">The exit code of the process.</param>
    public WorkerEndedException(int exitCode)
        : base(Explain(exitCode))
    {
    }

    /// <summary>Creates the exception for a process that the runner ended.</summary>
    /// <param name="reason">Why.</param>
    public WorkerEndedException(string reason)
        : base(reason)
    {
    }

    // For a process ended by a signal, .NET reports 128 plus the signal number; Windows reports an NTSTATUS or a .NET error code.
    private static string Explain(int exitCode) => unchecked((uint)exitCode) switch
    {
        128 + 6 => "The process was aborted (SIGABRT), for example by a stack overflow or a fatal error in native code.",
        128 + 9 => "The process was killed (SIGKILL), for example because the machine ran out of memory.",
        128 + 11 => "Native code accessed invalid memory (SIGSEGV).",
        0xC00000FD => "The stack overflowed.",
        0xC0000005 => "Native code accessed invalid memory (access violation).",
        0xC0000602 or 0x80131623 => "The process was aborted, for example by Environment.FailFast or a fatal error in native code.",
        0xE0434352 => "The process was aborted by an unhandled exception.",
        _ => $"The process exited with code {exitCode}, for example by Environment.Exit({exitCode}).",
    };
}

namespace Backprop.Runner.Execution;

/// <summary>Interrupts the code of a cell at its next interruption point or while it waits.</summary>
/// <remarks>
/// .NET can abort code anywhere (<see cref="System.Runtime.ControlledExecution"/>), but on Linux that often crashes the process
/// (.NET 10: SIGSEGV, <c>PAL_SEHException</c>) or loses the cell's variables. An interruption point throws an ordinary exception.
/// </remarks>
public static class Interruption
{
    private static volatile bool requested;

    /// <summary>Throws if an interrupt was requested. <see cref="Compiling.InterruptionPoints"/> inserts calls into every loop and function of a cell.</summary>
    /// <exception cref="OperationCanceledException">The cell is interrupted.</exception>
    public static void Point()
    {
        if (requested && Session.Running is not null)
        {
            throw new OperationCanceledException("The cell was interrupted.");
        }
    }

    /// <summary>Interrupts the running code at its next interruption point.</summary>
    internal static void Request() => requested = true;

    /// <summary>Runs a cell on this thread up to its first <c>await</c>. The token interrupts it, even while it waits.</summary>
    internal static Task<T> Begin<T>(Func<Task<T>> cell, CancellationToken token)
    {
        requested = false;
        var registration = token.UnsafeRegister(
            static thread =>
            {
                Request();
                ((Thread)thread!).Interrupt();
            },
            Thread.CurrentThread);
        try
        {
            return cell();
        }
        catch (ThreadInterruptedException) when (token.IsCancellationRequested)
        {
            throw new OperationCanceledException(token);
        }
        finally
        {
            End(registration);
        }
    }

    // An interrupt that no wait has consumed would end the next wait of this thread, so it is consumed here.
    private static void End(CancellationTokenRegistration registration)
    {
        try
        {
            registration.Dispose();
            Thread.Sleep(0);
        }
        catch (ThreadInterruptedException)
        {
            registration.Dispose();
        }
    }
}

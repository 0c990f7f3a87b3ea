namespace Backprop.Runner.Execution;

/// <summary>Ends a cell's code from outside, where it comes by an interruption point or waits.</summary>
/// <remarks>
/// .NET can abort code anywhere (<see cref="System.Runtime.ControlledExecution"/>), but on Linux that often ends the process
/// instead (.NET 10: SIGSEGV, <c>PAL_SEHException</c>), or the cell's variables are lost. An interruption point throws an
/// exception like any other.
/// </remarks>
public static class Interruption
{
    private static volatile bool requested;

    /// <summary>Where code can be interrupted; <see cref="Compiling.InterruptionPoints"/> puts it into every loop and function of a cell.</summary>
    /// <exception cref="OperationCanceledException">The cell is interrupted.</exception>
    public static void Point()
    {
        if (requested && Session.Running is not null)
        {
            throw new OperationCanceledException("The cell was interrupted.");
        }
    }

    /// <summary>Interrupts the code that is running, wherever it next comes by an interruption point.</summary>
    internal static void Request() => requested = true;

    /// <summary>Runs a cell on this thread up to its first <c>await</c>; the token interrupts it, also where it waits.</summary>
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

    // The interrupt comes once, and may come as late as here; one that met no wait would end the thread's next one.
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

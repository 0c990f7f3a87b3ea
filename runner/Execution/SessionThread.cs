using System.Collections.Concurrent;

namespace Backprop.Runner.Execution;

/// <summary>
/// The one thread on which all cells of a session start, so that thread-local state of a library
/// (such as libtorch's gradient mode) persists from cell to cell.
/// </summary>
internal sealed class SessionThread : IDisposable
{
    private readonly BlockingCollection<Action> work = [];

    public SessionThread()
    {
        var thread = new Thread(Work) { IsBackground = true, Name = "notebook session" };
        thread.Start();
    }

    /// <summary>Starts an asynchronous operation on the thread with the caller's execution context, and waits for it.</summary>
    public async Task RunAsync(Func<Task> operation)
    {
        var started = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        var context = ExecutionContext.Capture()!;
        work.Add(() => ExecutionContext.Run(context, _ => Start(), null));
        await (await started.Task.ConfigureAwait(false)).ConfigureAwait(false);

        void Start()
        {
            try
            {
                started.SetResult(operation());
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        }
    }

    public void Dispose() => work.CompleteAdding();

    private void Work()
    {
        foreach (var item in work.GetConsumingEnumerable())
        {
            item();
        }
    }
}

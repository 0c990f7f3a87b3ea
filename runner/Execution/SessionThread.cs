using System.Collections.Concurrent;

namespace Backprop.Runner.Execution;

/// <summary>
/// The one thread on which a session's cells begin, so that what a library keeps for each thread
/// (libtorch's gradient mode, for one) stays from cell to cell.
/// </summary>
internal sealed class SessionThread : IDisposable
{
    private readonly BlockingCollection<Action> work = [];

    public SessionThread()
    {
        var thread = new Thread(Work) { IsBackground = true, Name = "notebook session" };
        thread.Start();
    }

    /// <summary>Begins an asynchronous operation on the thread, with what is ambient here.</summary>
    public async Task RunAsync(Func<Task> operation)
    {
        var begun = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        var context = ExecutionContext.Capture()!;
        work.Add(() => ExecutionContext.Run(context, _ => Begin(), null));
        await (await begun.Task.ConfigureAwait(false)).ConfigureAwait(false);

        void Begin()
        {
            try
            {
                begun.SetResult(operation());
            }
            catch (Exception e)
            {
                begun.SetException(e);
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

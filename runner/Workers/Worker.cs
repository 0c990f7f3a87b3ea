using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text.Json;
using Backprop.Runner.Execution;

namespace Backprop.Runner.Workers;

/// <summary>The process that runs a notebook's code, so that the one that keeps its outputs outlives whatever the code does.</summary>
internal sealed class Worker : IDisposable
{
    /// <summary>The first argument of a runner that is to be a worker.</summary>
    public const string Command = "worker";

    private readonly StreamWriter answers;
    private readonly Session session;
    private CancellationTokenSource interrupt = new();

    private Worker(string workingDirectory, Stream answers)
    {
        this.answers = new StreamWriter(answers) { AutoFlush = true };
        session = new Session(workingDirectory, output => Answer(new WorkerAnswer(output, Succeeded: false, [])));
    }

    /// <summary>Does what it is asked until there is nobody to ask any more.</summary>
    /// <param name="args">The word <see cref="Command"/>, the notebook's folder, and the handles of the pipes to read from and to write to.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        // Ctrl+C reaches every process of the terminal, and a call to end may; the runner says what is to be done about it.
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
        using var input = new AnonymousPipeClientStream(PipeDirection.In, args[2]);
        await using var output = new AnonymousPipeClientStream(PipeDirection.Out, args[3]);
        using var requests = new StreamReader(input);
        using var worker = new Worker(args[1], output);
        while (await requests.ReadLineAsync() is { } line)
        {
            worker.Do(JsonSerializer.Deserialize(line, WorkerMessages.Default.WorkerRequest)!);
        }

        // The code may still be running; nobody waits for it.
        Environment.Exit(0);
        return 0;
    }

    public void Dispose()
    {
        session.Dispose();
        interrupt.Dispose();
        answers.Dispose();
    }

    private void Do(WorkerRequest request)
    {
        if (request.Submission is not { } submission)
        {
            interrupt.Cancel();
            return;
        }

        interrupt.Dispose();
        interrupt = new CancellationTokenSource();
        Run(submission, interrupt.Token);
    }

    // What goes wrong here ends the process, which the runner tells: nobody waits for a task.
    private async void Run(Submission submission, CancellationToken cancellationToken)
    {
        var succeeded = false;
        try
        {
            succeeded = await session.RunAsync(submission, cancellationToken);
        }
        catch (OperationCanceledException)
        {
        }

        Answer(new WorkerAnswer(null, succeeded, session.Packages));
    }

    private void Answer(WorkerAnswer answer)
    {
        var line = JsonSerializer.Serialize(answer, WorkerMessages.Default.WorkerAnswer);
        lock (answers)
        {
            answers.WriteLine(line);
        }
    }
}

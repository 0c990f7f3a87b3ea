using System.Collections.Concurrent;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text.Json;
using Backprop.Runner.Editing;
using Backprop.Runner.Execution;

namespace Backprop.Runner.Workers;

/// <summary>The process that runs a notebook's code, so that the one that keeps its outputs outlives whatever the code does.</summary>
internal sealed class Worker : IDisposable
{
    /// <summary>The first argument of a runner that is to be a worker.</summary>
    public const string Command = "worker";

    private readonly StreamWriter answers;
    private readonly Session session;
    private readonly BlockingCollection<string?> lines = [];
    private CancellationTokenSource interrupt = new();

    private Worker(string workingDirectory, Stream answers)
    {
        this.answers = new StreamWriter(answers) { AutoFlush = true };
        session = new Session(workingDirectory, output => Answer(new WorkerAnswer.Output(output)))
        {
            Input = ReadLine,
            CompiledFolder = UserFolder.PathOf("compiled"),
        };
    }

    /// <summary>Does what it is asked until there is nobody to ask any more.</summary>
    /// <param name="args">The word <see cref="Command"/>, the notebook's folder, and the handles of the pipes to read from and to write to.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        // Ctrl+C, and the end of a terminal, reach every process of the terminal, and a call to end may; the runner says what is to be done about it.
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
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
        lines.Dispose();
    }

    private void Do(WorkerRequest request)
    {
        switch (request)
        {
            case WorkerRequest.Run run:
                interrupt.Dispose();
                interrupt = new CancellationTokenSource();
                Run(run.Submission, interrupt.Token);
                break;
            case WorkerRequest.Prepare:
                _ = session.PrepareAsync();
                break;
            case WorkerRequest.PrepareHelp:
                _ = session.PrepareHelpAsync();
                break;
            case WorkerRequest.Interrupt:
                interrupt.Cancel();
                break;
            case WorkerRequest.Line line:
                lines.Add(line.Text);
                break;
            case WorkerRequest.Complete { Code: var code, Position: var position }:
                _ = AnswerAsync(async () => new WorkerAnswer.Completions(await session.CompleteAsync(code, position)));
                break;
            case WorkerRequest.Inspect { Code: var code, Position: var position }:
                _ = AnswerAsync(async () => new WorkerAnswer.Info(await session.InspectAsync(code, position)));
                break;
            case WorkerRequest.Judge { Code: var code }:
                _ = AnswerAsync(() => Task.FromResult<WorkerAnswer>(new WorkerAnswer.Status(CodeStatus.Of(code))));
                break;
        }
    }

    // What goes wrong here ends the process, which the runner tells: nobody waits for a task.
    private async void Run(Submission submission, CancellationToken cancellationToken)
    {
        var outcome = SubmissionOutcome.Interrupted;
        try
        {
            outcome = await session.RunAsync(submission, cancellationToken) ? SubmissionOutcome.Completed : SubmissionOutcome.Failed;
        }
        catch (OperationCanceledException)
        {
        }

        Answer(new WorkerAnswer.Ended(outcome, session.Packages));
    }

    private string? ReadLine()
    {
        // A line that came when its question had been interrupted answers nothing.
        while (lines.TryTake(out _))
        {
        }

        Answer(new WorkerAnswer.WantsLine());
        return lines.Take(interrupt.Token);
    }

    // Whoever asks waits, so that even a defect of the compiler's must not leave the question without an answer.
    private async Task AnswerAsync(Func<Task<WorkerAnswer>> find)
    {
        try
        {
            Answer(await find());
        }
        catch (Exception e)
        {
            Answer(new WorkerAnswer.NoAnswer(e.Message));
        }
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

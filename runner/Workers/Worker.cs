using System.Collections.Concurrent;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text.Json;
using Backprop.Runner.Editing;
using Backprop.Runner.Execution;
using Backprop.Runner.Platform;

namespace Backprop.Runner.Workers;

/// <summary>The main loop of a worker process, which runs a notebook's code so that a crash does not take the runner and the outputs with it.</summary>
internal sealed class Worker : IDisposable
{
    /// <summary>The first argument that starts the runner as a worker.</summary>
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
            CompilationCacheFolder = CacheFolder.PathOf("compiled"),
        };
    }

    /// <summary>Serves requests until the runner closes the pipe.</summary>
    /// <param name="args"><see cref="Command"/>, the working directory, and the handles of the pipes for requests and answers.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        // These signals may reach every process of a terminal; the runner alone decides how to react.
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
        using var input = new AnonymousPipeClientStream(PipeDirection.In, args[2]);
        await using var output = new AnonymousPipeClientStream(PipeDirection.Out, args[3]);
        using var requests = new StreamReader(input);
        using var worker = new Worker(args[1], output);
        while (await requests.ReadLineAsync() is { } line)
        {
            worker.Handle(JsonSerializer.Deserialize(line, WorkerMessages.Default.WorkerRequest)!);
        }

        // Without waiting for code that is still running.
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

    private void Handle(WorkerRequest request)
    {
        switch (request)
        {
            case WorkerRequest.Expect expect:
                session.Expect(expect.Submissions);
                break;
            case WorkerRequest.Run run:
                interrupt.Dispose();
                interrupt = new CancellationTokenSource();
                Run(run.Submission, interrupt.Token);
                break;
            case WorkerRequest.WarmUpCompiler:
                _ = session.WarmUpCompilerAsync();
                break;
            case WorkerRequest.WarmUpLanguageService:
                _ = session.WarmUpLanguageServiceAsync();
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
            case WorkerRequest.CheckStatus { Code: var code }:
                _ = AnswerAsync(() => Task.FromResult<WorkerAnswer>(new WorkerAnswer.Status(CodeStatus.Of(code))));
                break;
        }
    }

    // An exception here must end the process, which the runner reports; in a task it would go unnoticed.
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
        // Drop lines that arrived after their prompt was interrupted.
        while (lines.TryTake(out _))
        {
        }

        Answer(new WorkerAnswer.WantsLine());
        return lines.Take(interrupt.Token);
    }

    // The runner waits for an answer, so even a bug in the compiler must lead to one.
    private async Task AnswerAsync(Func<Task<WorkerAnswer>> getAnswer)
    {
        try
        {
            Answer(await getAnswer());
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

using System.Diagnostics;
using System.IO.Pipes;
using System.Text.Json;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Workers;

/// <summary>The runner's side of a worker process: a session whose crash does not affect the runner.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(2);

    private readonly AnonymousPipeServerStream requests = new(PipeDirection.Out, HandleInheritability.Inheritable);
    private readonly AnonymousPipeServerStream answers = new(PipeDirection.In, HandleInheritability.Inheritable);
    private readonly Action<CellOutput> listener;
    private readonly Process process;
    private readonly Task ended;
    private TaskCompletionSource<SubmissionOutcome> running = new();
    private TaskCompletionSource<WorkerAnswer> asked = new();
    private volatile bool isPipeBroken;

    /// <summary>Starts the process.</summary>
    /// <param name="workingDirectory">The working directory, see <see cref="Session"/>.</param>
    /// <param name="listener">Receives every output, including what native code writes to the standard streams.</param>
    public WorkerProcess(string workingDirectory, Action<CellOutput> listener)
    {
        this.listener = listener;
        process = Process.Start(StartInfo(workingDirectory))!;
        requests.DisposeLocalCopyOfClientHandle();
        answers.DisposeLocalCopyOfClientHandle();
        process.StandardInput.Close();
        ended = EndAsync(Task.WhenAll(
            Task.Run(ReadAnswers),
            ReadAsync(process.StandardOutput, StreamKind.Out),
            ReadAsync(process.StandardError, StreamKind.Error)));
    }

    /// <summary>Prompts for a line of input when code reads from the console; returns null when there is nobody to prompt.</summary>
    public Func<Task<string?>> Input { get; init; } = () => Task.FromResult<string?>(null);

    /// <summary>The names and versions of the packages in use, including dependencies.</summary>
    public IReadOnlyList<string> Packages { get; private set; } = [];

    /// <summary>Whether the process has exited.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>Announces the code that will probably run, see <see cref="Session.Expect"/>.</summary>
    public void Expect(IReadOnlyList<Submission> submissions) => Send(new WorkerRequest.Expect(submissions));

    /// <summary>Runs code.</summary>
    /// <exception cref="WorkerEndedException">The process ended before the code did.</exception>
    public async Task<SubmissionOutcome> RunAsync(Submission submission)
    {
        running = new TaskCompletionSource<SubmissionOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        Send(new WorkerRequest.Run(submission));
        await Task.WhenAny(running.Task, ended);
        return running.Task.IsCompleted ? await running.Task : throw End();
    }

    /// <summary>Sends a request about the cell being edited and returns the answer. Requests must not overlap.</summary>
    /// <exception cref="WorkerEndedException">The process ended before it answered.</exception>
    public async Task<WorkerAnswer> AskAsync(WorkerRequest request)
    {
        asked = new TaskCompletionSource<WorkerAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        Send(request);
        await Task.WhenAny(asked.Task, ended);
        return asked.Task.IsCompleted ? await asked.Task : throw End();
    }

    /// <summary>Warms up the compiler, see <see cref="Session.WarmUpCompilerAsync"/>.</summary>
    public void WarmUpCompiler() => Send(new WorkerRequest.WarmUpCompiler());

    /// <summary>Warms up completion and quick info, see <see cref="Session.WarmUpLanguageServiceAsync"/>.</summary>
    public void WarmUpLanguageService() => Send(new WorkerRequest.WarmUpLanguageService());

    /// <summary>Interrupts the running code, see <see cref="Interruption"/>.</summary>
    public void Interrupt() => Send(new WorkerRequest.Interrupt());

    /// <summary>Interrupts the running code so that it can clean up, then kills the process.</summary>
    public async Task StopAsync()
    {
        Interrupt();
        await Task.WhenAny(running.Task, ended, Task.Delay(GracePeriod));
        Kill();
        await ended;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        requests.Dispose();
        if (!process.WaitForExit(GracePeriod))
        {
            Kill();
        }

        // ReadAnswers closes the pipe at its end. A child process of the worker may keep the pipe open, so this does not wait for it.
        process.Dispose();
    }

    private ProcessStartInfo StartInfo(string workingDirectory)
    {
        var (program, first) = Command(Environment.ProcessPath!);
        return new ProcessStartInfo(
            program,
            [.. first, Worker.Command, workingDirectory, requests.GetClientHandleAsString(), answers.GetClientHandleAsString()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,

            Environment =
            {
                // Tensors are small and short-lived: a generation 0 of 4 MiB (in hexadecimal) fits into the processor's cache.
                ["DOTNET_GCgen0size"] = "400000",

                // W^X protects against injected code. A worker executes arbitrary code anyway and starts faster without it.
                ["DOTNET_EnableWriteXorExecute"] = "0",
            },
        };
    }

    // Either 'dotnet' runs the runner's assembly, or the runner has an executable next to its assembly.
    private static (string Program, IReadOnlyList<string> Arguments) Command(string self)
    {
        var runner = typeof(WorkerProcess).Assembly.Location;
        return Path.GetFileNameWithoutExtension(self).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            ? (self, [runner])
            : (Path.ChangeExtension(runner, OperatingSystem.IsWindows() ? ".exe" : null), []);
    }

    private void Send(WorkerRequest request)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(request, WorkerMessages.Default.WorkerRequest), (byte)'\n'];
        try
        {
            lock (requests)
            {
                requests.Write(line);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The process has exited; its exit is reported elsewhere.
        }
    }

    private void ReadAnswers()
    {
        using var reader = new StreamReader(answers);
        while (reader.ReadLine() is { } line)
        {
            if (Parse(line) is not { } answer)
            {
                KillUnlessExiting();
                return;
            }

            switch (answer)
            {
                case WorkerAnswer.Output output:
                    listener(output.Shown);
                    break;
                case WorkerAnswer.WantsLine:
                    _ = AnswerWithLineAsync();
                    break;
                case WorkerAnswer.Ended end:
                    Packages = end.Packages;
                    running.TrySetResult(end.Outcome);
                    break;
                default:
                    asked.TrySetResult(answer);
                    break;
            }
        }
    }

    // Returns null for a partial line, as a dying process leaves it, or for something that a cell wrote into the pipe.
    private static WorkerAnswer? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, WorkerMessages.Default.WorkerAnswer);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    private void KillUnlessExiting()
    {
        if (!process.WaitForExit(GracePeriod))
        {
            isPipeBroken = true;
            Kill();
        }
    }

    private WorkerEndedException End() => isPipeBroken
        ? new WorkerEndedException("Something wrote into the pipe through which it reports to the runner, so the runner killed it.")
        : new WorkerEndedException(process.ExitCode);

    private async Task AnswerWithLineAsync() => Send(new WorkerRequest.Line(await Input()));

    private async Task ReadAsync(StreamReader text, StreamKind stream)
    {
        var buffer = new char[4096];
        while (await text.ReadAsync(buffer) is var count and > 0)
        {
            listener(new StreamOutput(stream, new string(buffer, 0, count)));
        }
    }

    // A child process of the worker may keep its streams open indefinitely.
    private async Task EndAsync(Task reading)
    {
        await process.WaitForExitAsync();
        await Task.WhenAny(reading, Task.Delay(GracePeriod));
    }

    private void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has already exited.
        }
    }
}

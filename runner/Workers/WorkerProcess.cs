using System.Diagnostics;
using System.IO.Pipes;
using System.Text.Json;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Runner.Workers;

/// <summary>A session in a process of its own, which may die without taking anyone along.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly TimeSpan EndOfInterrupted = TimeSpan.FromSeconds(2);

    private readonly AnonymousPipeServerStream requests = new(PipeDirection.Out, HandleInheritability.Inheritable);
    private readonly AnonymousPipeServerStream answers = new(PipeDirection.In, HandleInheritability.Inheritable);
    private readonly Action<CellOutput> listener;
    private readonly Process process;
    private readonly Task ended;
    private TaskCompletionSource<SubmissionOutcome> running = new();
    private TaskCompletionSource<WorkerAnswer> asked = new();
    private volatile bool isPipeBroken;

    /// <summary>Starts the process.</summary>
    /// <param name="workingDirectory">See <see cref="Session"/>.</param>
    /// <param name="listener">Is told every output, one at a time, also what the process writes past .NET's console.</param>
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

    /// <summary>Asks for a line of text when the code reads from the console; null when nobody can be asked.</summary>
    public Func<Task<string?>> Input { get; init; } = () => Task.FromResult<string?>(null);

    /// <summary>The names and versions of the packages in use.</summary>
    public IReadOnlyList<string> Packages { get; private set; } = [];

    /// <summary>Whether the process is gone.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>Runs a piece of code.</summary>
    /// <exception cref="WorkerEndedException">The process ended before the code did.</exception>
    public async Task<SubmissionOutcome> RunAsync(Submission submission)
    {
        running = new TaskCompletionSource<SubmissionOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        Send(new WorkerRequest.Run(submission));
        await Task.WhenAny(running.Task, ended);
        return running.Task.IsCompleted ? await running.Task : throw End();
    }

    /// <summary>Asks about a piece of code that is being typed; one question at a time.</summary>
    /// <exception cref="WorkerEndedException">The process ended before it answered.</exception>
    public async Task<WorkerAnswer> AskAsync(WorkerRequest question)
    {
        asked = new TaskCompletionSource<WorkerAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        Send(question);
        await Task.WhenAny(asked.Task, ended);
        return asked.Task.IsCompleted ? await asked.Task : throw End();
    }

    /// <summary>Makes ready for code that is new, see <see cref="Session.PrepareAsync"/>; what is known already does not wait for it.</summary>
    public void Prepare() => Send(new WorkerRequest.Prepare());

    /// <summary>Makes ready for questions about code that is being typed, see <see cref="Session.PrepareHelpAsync"/>.</summary>
    public void PrepareHelp() => Send(new WorkerRequest.PrepareHelp());

    /// <summary>Interrupts the code that runs, see <see cref="Interruption"/>.</summary>
    public void Interrupt() => Send(new WorkerRequest.Interrupt());

    /// <summary>Interrupts the code that runs, so that it can clean up; what does not end soon is ended with its process.</summary>
    public async Task StopAsync()
    {
        Interrupt();
        await Task.WhenAny(running.Task, ended, Task.Delay(EndOfInterrupted));
        Kill();
        await ended;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        requests.Dispose();
        if (!process.WaitForExit(EndOfInterrupted))
        {
            Kill();
        }

        // The answers' reader closes them at their end, which a process that the worker started puts off for as long as it lives.
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
                // Tensors are small and die young: a first generation of 4 MiB (in hexadecimal) stays in the processor's cache.
                ["DOTNET_GCgen0size"] = "400000",

                // Memory that is never writable and executable at once guards against code that is slipped in. A worker runs whatever it is given, and starts sooner without.
                ["DOTNET_EnableWriteXorExecute"] = "0",
            },
        };
    }

    // A program that 'dotnet' was asked to run is run by it again; one that found .NET by itself has the runner's program beside it, which will, too.
    private static (string Program, IReadOnlyList<string> First) Command(string self)
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
            // The process is gone, which its end tells.
        }
    }

    private void ReadAnswers()
    {
        using var reader = new StreamReader(answers);
        while (reader.ReadLine() is { } line)
        {
            if (Parse(line) is not { } answer)
            {
                EndUnlessEnding();
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

    // Null for what is no answer: half a line, as a process leaves that dies in the middle of it, or something that a cell wrote.
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

    private void EndUnlessEnding()
    {
        if (!process.WaitForExit(EndOfInterrupted))
        {
            isPipeBroken = true;
            Kill();
        }
    }

    private WorkerEndedException End() => isPipeBroken
        ? new WorkerEndedException("Something wrote into the pipe by which the runner hears from it, so that the runner had to end it.")
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

    // A process that the worker started may hold its streams open for as long as it likes.
    private async Task EndAsync(Task reading)
    {
        await process.WaitForExitAsync();
        await Task.WhenAny(reading, Task.Delay(EndOfInterrupted));
    }

    private void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }
}

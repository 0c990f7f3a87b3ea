using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Backprop.Tests.Hosts;

/// <summary>.NET Interactive as VS Code starts it: a process that reads commands and writes events, one JSON object per line.</summary>
internal sealed class InteractiveProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Process process;
    private readonly Task<string> errors;
    private int commands;

    private InteractiveProcess(Process process)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts the process and waits until it is ready.</summary>
    /// <param name="folder">The working directory of its cells.</param>
    public static async Task<InteractiveProcess> StartAsync(string folder)
    {
        var started = new InteractiveProcess(DotnetTools.Start("interactive", "stdio", "--preview", "--working-dir", folder));
        await foreach (var produced in started.EventsAsync())
        {
            if (produced.Kind == "KernelReady")
            {
                return started;
            }
        }

        throw new InvalidOperationException("The process ended before it was ready: " + await started.errors);
    }

    /// <summary>Runs a cell.</summary>
    public Task<InteractiveAnswer> RunAsync(string code) => SendAsync("SubmitCode", new JsonObject { ["code"] = code });

    /// <summary>Requests the diagnostics of a cell, as VS Code does at each pause in typing.</summary>
    public Task<InteractiveAnswer> DiagnosticsAsync(string code) => SendAsync("RequestDiagnostics", new JsonObject { ["code"] = code });

    /// <summary>Requests completions at the end of a line of code.</summary>
    public Task<InteractiveAnswer> CompletionsAsync(string code) => SendAsync("RequestCompletions", At(code, code.Length));

    /// <summary>Requests the hover text of a name.</summary>
    /// <param name="code">One line of code.</param>
    /// <param name="position">A position in the name.</param>
    public Task<InteractiveAnswer> HoverAsync(string code, int position) => SendAsync("RequestHoverText", At(code, position));

    /// <summary>Requests signature help at the end of a line of code.</summary>
    public Task<InteractiveAnswer> SignaturesAsync(string code) => SendAsync("RequestSignatureHelp", At(code, code.Length));

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static JsonObject At(string code, int position) =>
        new() { ["code"] = code, ["linePosition"] = new JsonObject { ["line"] = 0, ["character"] = position } };

    private async Task<InteractiveAnswer> SendAsync(string kind, JsonObject command)
    {
        var token = $"{++commands}";
        command["targetKernelName"] = "csharp";
        var envelope = new JsonObject { ["commandType"] = kind, ["command"] = command, ["token"] = token, ["routingSlip"] = new JsonArray() };
        await process.StandardInput.WriteLineAsync(envelope.ToJsonString());
        await process.StandardInput.FlushAsync();

        var events = new List<InteractiveEvent>();
        await foreach (var produced in EventsAsync())
        {
            events.Add(produced);
            if (produced.Token == token && produced.Kind is "CommandSucceeded" or "CommandFailed")
            {
                return new InteractiveAnswer(events);
            }
        }

        throw new InvalidOperationException("The process ended: " + await errors);
    }

    private async IAsyncEnumerable<InteractiveEvent> EventsAsync()
    {
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience) is { } line)
        {
            if (Parsed(line) is { } json)
            {
                yield return new InteractiveEvent(json);
            }
        }
    }

    // The welcome text of the first start is not JSON.
    private static JsonNode? Parsed(string line)
    {
        try
        {
            return JsonNode.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

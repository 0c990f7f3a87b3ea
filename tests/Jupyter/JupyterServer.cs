using System.Diagnostics;
using Backprop.Tests.Runner;

namespace Backprop.Tests.Jupyter;

/// <summary>A local Jupyter Notebook server for a folder.</summary>
internal sealed class JupyterServer : IDisposable
{
    private const string Token = "token-of-a-test";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly int port = KernelClient.FreePorts(1).Single();
    private readonly Process process;
    private readonly Task<RunnerProcess.Ended> ended;

    private JupyterServer(InstalledKernel kernel, string folder)
    {
        process = JupyterPython.Start(
            ["-m", "notebook", "--no-browser", "--allow-root", "--ip=127.0.0.1", $"--port={port}", "--port-retries=0", $"--NotebookApp.token={Token}", $"--notebook-dir={folder}"],
            kernel.Variables);
        ended = RunnerProcess.EndAsync(process);
    }

    /// <summary>Starts the server and waits until it responds.</summary>
    public static async Task<JupyterServer> StartAsync(InstalledKernel kernel, string folder)
    {
        kernel.Require();
        var server = new JupyterServer(kernel, folder);
        await server.WaitAsync();
        return server;
    }

    /// <summary>Returns the address of a notebook in the folder.</summary>
    public string AddressOf(string notebook) => $"http://127.0.0.1:{port}/notebooks/{notebook}?token={Token}";

    /// <inheritdoc/>
    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private async Task WaitAsync()
    {
        using var client = new HttpClient();
        var clock = Stopwatch.StartNew();
        while (!await ServesAsync(client))
        {
            Assert.False(ended.IsCompleted, ended.IsCompleted ? (await ended).Error : "");
            Assert.True(clock.Elapsed < Patience, "Jupyter Notebook does not respond.");
            await Task.Delay(PollInterval, TestContext.Current.CancellationToken);
        }
    }

    private async Task<bool> ServesAsync(HttpClient client)
    {
        try
        {
            return (await client.GetAsync($"http://127.0.0.1:{port}/api", TestContext.Current.CancellationToken)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

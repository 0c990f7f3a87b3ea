using System.Diagnostics;

namespace Backprop.Tests.Runner;

/// <summary><c>backprop.cs</c>, in a checkout whose runner only prints its arguments.</summary>
[Parallel]
public sealed class LauncherTests : IDisposable
{
    private const string Building = "Building the runner";

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
          </PropertyGroup>
        </Project>
        """;

    private const string Echo = """
        Console.WriteLine($"first {string.Join('|', args)}");
        return 3;
        """;

    private const string Wait = """
        using System.Runtime.InteropServices;

        var ended = new ManualResetEvent(false);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            ended.Set();
        });
        Console.WriteLine("waiting");
        ended.WaitOne();
        Console.WriteLine("cleaned up");
        return 4;
        """;

    private readonly RunnerProcess folder = new();

    public LauncherTests()
    {
        folder.Write("backprop.cs", File.ReadAllText(Path.Combine(TestData.Root, "backprop.cs")));
        folder.Write(Path.Combine("runner", "Backprop.Runner.csproj"), Project);
    }

    public void Dispose() => folder.Dispose();

    [FullScopeFact]
    public async Task The_runner_is_built_when_its_sources_change_and_gets_the_arguments()
    {
        WriteProgram(Echo);
        var first = await RunAsync("a b", "--html", "x");
        Assert.Equal(3, first.ExitCode);
        Assert.Contains(Building, first.Error, StringComparison.Ordinal);
        Assert.EndsWith("first a b|--html|x\n", first.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);

        var second = await RunAsync();
        Assert.Equal(3, second.ExitCode);
        Assert.DoesNotContain(Building, second.Error, StringComparison.Ordinal);

        WriteProgram(Echo.Replace("first", "second", StringComparison.Ordinal));
        var changed = await RunAsync();
        Assert.Contains(Building, changed.Error, StringComparison.Ordinal);
        Assert.EndsWith("second \n", changed.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);

        WriteProgram("oops");
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var broken = await RunAsync();
            Assert.Equal(1, broken.ExitCode);
            Assert.Contains("error CS", broken.Output, StringComparison.Ordinal);
        }
    }

    [FullScopeFact]
    public async Task A_request_to_terminate_reaches_the_runner()
    {
        RunnerProcess.RequireSignal(RunnerProcess.Terminate);
        WriteProgram(Wait);
        using var process = Start();
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        while (line is not "waiting")
        {
            Assert.NotNull(line);
            line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        }

        RunnerProcess.Send(RunnerProcess.Terminate, process.Id);
        var ended = await RunnerProcess.EndAsync(process);

        Assert.Equal("cleaned up", ended.Output.Trim());
        Assert.Equal(4, ended.ExitCode);
    }

    private void WriteProgram(string code) => folder.Write(Path.Combine("runner", "Program.cs"), code);

    private async Task<RunnerProcess.Ended> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return await RunnerProcess.EndAsync(process);
    }

    private Process Start(params string[] arguments)
    {
        Sdk.Require();
        return Process.Start(new ProcessStartInfo("dotnet", ["run", "backprop.cs", "--", .. arguments])
        {
            WorkingDirectory = folder.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,

            // The SDK keeps what it builds from such a file in the user's data folder.
            Environment = { ["XDG_DATA_HOME"] = folder.Folder },
        })!;
    }
}

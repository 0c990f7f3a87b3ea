namespace Backprop.Tests.Runner.Compiling;

/// <summary>A notebook's later cells are compiled while earlier ones run.</summary>
[Parallel]
public sealed class CompilationAheadTests : IDisposable
{
    private readonly RunnerProcess runner = new();

    public void Dispose() => runner.Dispose();

    [Fact]
    public async Task While_a_cell_of_a_notebook_runs_those_after_it_are_compiled()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows no environment variable moves the compilation cache.");
        runner.Write("a.dib", """
            #!csharp

            using System.IO;
            int Compiled() => Directory.GetFiles("backprop/compiled").Length;
            for (var i = 0; i < 3000 && Compiled() < 3; i++) System.Threading.Thread.Sleep(10);
            Console.WriteLine($"compiled: {Compiled()}");

            #!markdown

            A text.

            #!csharp

            var a = 1;

            #!csharp

            a + 1
            """);
        using var process = runner.Start(["a.dib"], ("XDG_DATA_HOME", runner.Folder));

        var ended = await RunnerProcess.EndAsync(process);

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("compiled: 3", ended.Output, StringComparison.Ordinal);
    }
}

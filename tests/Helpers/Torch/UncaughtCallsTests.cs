using Backprop.Tests.Runner;

namespace Backprop.Tests;

/// <summary>The TorchSharp functions that end the process according to the guide. If a newer TorchSharp fixes one, this fails and the guide needs an update.</summary>
[Parallel]
public sealed class UncaughtCallsTests : IDisposable
{
    private readonly RunnerProcess runner = new();

    public void Dispose() => runner.Dispose();

    [FullScopeTheory]
    [InlineData("torch.matmul", "torch.matmul(torch.ones(2, 3), torch.ones(2, 3));")]
    [InlineData("Tensor.matmul", "torch.ones(2, 2).matmul(torch.ones(2, 2, torch.float64));")]
    [InlineData("torch.autograd.grad", "torch.autograd.grad([tensor([1.0], requires_grad: true).sum()], [tensor([1.0], requires_grad: true)]);")]
    [InlineData("cummax", "torch.ones(2, 2).cummax(5);")]
    [InlineData("cummin", "torch.ones(2, 2).cummin(5);")]
    [InlineData("ToScalar().ToInt32()", "torch.tensor(1e30).ToScalar().ToInt32();")]
    [InlineData("storage()", "torch.ones(2, 2).to_sparse().storage<float>();")]
    [InlineData("torch.set_num_threads(0)", "torch.set_num_threads(0);")]
    public async Task A_call_that_the_guide_names_ends_the_process(string name, string call)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Uncaught errors were tested only on Linux.");
        Sdk.Require();
        runner.Write("a.dib", $"""
            #!csharp

            #r "nuget: TorchSharp-cpu, 0.107.0"
            #r "nuget: XPlot.Plotly, 4.1.0"
            #load "{TestData.Root}/helpers/PyTorch.csx"
            using TorchSharp;

            #!csharp

            try {"{"} {call} {"}"} catch (Exception) {"{"} {"}"}
            """);

        var ended = await runner.RunAsync();

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("cell 2 ended its worker process", ended.Output, StringComparison.Ordinal);
        Assert.Contains(name, File.ReadAllText(Path.Combine(TestData.Root, "docs", "your-own-network.md")), StringComparison.Ordinal);
    }
}

using Backprop.Tests.Jupyter;
using Backprop.Tests.Lesson;

namespace Backprop.Tests.Hosts;

/// <summary>The lesson in dotnet-repl, which runs notebooks in a terminal.</summary>
[Parallel]
public sealed class LessonInReplTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    [FullScopeTheory]
    [InlineData("Backprop.dib")]
    [InlineData("Backprop.ipynb")]
    public async Task A_run_reproduces_the_saved_outputs(string file)
    {
        DotnetTools.Require();
        Assert.SkipUnless(Rounding.IsThatOfTheReference, "This processor rounds differently from the reference.");
        var output = Path.Combine(folder, "executed.ipynb");

        await DotnetTools.RunAsync("repl", "--run", Path.Combine(TestData.Root, file), "--exit-after-run", "--output-path", output);

        var (saved, executed) = (SavedCell.Read(RealHosts.Lesson).Values, SavedCell.Read(output).Values);
        Assert.Equal(saved.Count, executed.Count);
        Assert.All(saved.Zip(executed), pair => Assert.Equal(pair.First.Shown, RealHosts.WithoutHostOutputs(pair.Second.Shown)));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

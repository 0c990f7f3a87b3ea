using Backprop.Tests.Jupyter;
using Backprop.Tests.Lesson;

namespace Backprop.Tests.Hosts;

/// <summary>The lesson in Jupyter with .NET Interactive's kernel.</summary>
[Parallel]
public sealed class LessonInJupyterTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    [FullScopeFact]
    public async Task Nbconvert_reproduces_the_saved_outputs()
    {
        JupyterPython.Require();
        DotnetTools.Require();
        Assert.SkipUnless(Rounding.IsThatOfTheReference, "This processor rounds differently from the reference.");
        var kernels = Directory.CreateDirectory(Path.Combine(folder, "kernels")).FullName;
        await DotnetTools.RunAsync("interactive", "jupyter", "install", "--path", kernels);

        await JupyterPython.RunAsync(
            ["-m", "nbconvert", "--to", "notebook", "--execute", RealHosts.Lesson, "--output-dir", folder, "--output", "executed"],
            ("JUPYTER_PATH", folder), ("JUPYTER_DATA_DIR", folder), ("JUPYTER_CONFIG_DIR", folder), ("JUPYTER_RUNTIME_DIR", folder), ("DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT", "1"));

        var (saved, executed) = (SavedCell.Read(RealHosts.Lesson), SavedCell.Read(Path.Combine(folder, "executed.ipynb")));
        Assert.Equal(saved.Keys, executed.Keys);
        Assert.All(saved, cell => Assert.Equal(cell.Value.Shown, RealHosts.WithoutHostOutputs(executed[cell.Key].Shown)));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

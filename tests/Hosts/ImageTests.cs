using System.Diagnostics;
using System.Text.Json.Nodes;
using Backprop.Tests.Jupyter;
using Backprop.Tests.Lesson;
using Backprop.Tests.Runner;

namespace Backprop.Tests.Hosts;

/// <summary>The image for a class or a cloud, built from the Dockerfile and started.</summary>
[Parallel]
public sealed class ImageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    [FullScopeFact]
    public async Task Whoever_has_neither_files_nor_rights_nor_a_network_finds_the_lesson_open_and_runs_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root on Linux can build the image here.");
        Assert.SkipUnless(HasProgram("buildah") && HasProgram("debootstrap"), "Buildah or debootstrap is missing: .ci/image.sh installs them.");
        Sdk.Require();

        var ended = await BuildAndStartAsync();

        Assert.True(ended.ExitCode == 0, $"{ended.Output[^Math.Min(ended.Output.Length, 5000)..]}{ended.Error}");
        Assert.Contains("data-notebook-path=\"backprop/Backprop.ipynb\"", Read("page.html"), StringComparison.Ordinal);
        Assert.NotNull(JsonNode.Parse(Read("kernels.json"))!["kernelspecs"]![".net-csharp"]);
        var (saved, executed) = (SavedCell.Read(RealHosts.Lesson), SavedCell.Read(Path.Combine(folder, "home", "backprop", "executed.ipynb")));
        Assert.Equal(saved.Keys, executed.Keys);
        Assert.All(executed.Values, cell => Assert.Null(cell.Error));
        Rounding.AssertSameText(Prints(saved), Prints(executed));
        if (Rounding.IsThatOfTheReference)
        {
            Assert.All(saved, cell => Assert.Equal(cell.Value.Shown, executed[cell.Key].Shown));
        }
    }

    [Fact]
    public void The_dev_container_is_the_image()
    {
        var place = Path.Combine(TestData.Root, ".devcontainer");
        var container = JsonNode.Parse(File.ReadAllText(Path.Combine(place, "devcontainer.json")))!;

        Assert.Equal(Path.Combine(TestData.Root, "Dockerfile"), Path.GetFullPath((string)container["build"]!["dockerfile"]!, place));
        Assert.Equal(TestData.Root, Path.GetFullPath((string)container["build"]!["context"]!, place));
        Assert.Contains($"ARG NB_USER={container["remoteUser"]}\n", File.ReadAllText(Path.Combine(TestData.Root, "Dockerfile")), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task<RunnerProcess.Ended> BuildAndStartAsync()
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(TestData.Root, "tests", "Hosts", "image.sh"), [folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        return await RunnerProcess.EndAsync(process, TimeSpan.FromMinutes(20));
    }

    private static string Prints(Dictionary<int, SavedCell> cells) => string.Concat(cells.Values.Select(cell => cell.Prints));

    private string Read(string name) => File.ReadAllText(Path.Combine(folder, name));

    private static bool HasProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, name)));
}

using System.Diagnostics;
using Backprop.Tests.Lesson;
using Backprop.Tests.Runner;

namespace Backprop.Tests.Repository;

/// <summary>The pictures in the documents, compared with the outputs that they show.</summary>
public sealed class PictureTests : IDisposable
{
    private readonly RunnerProcess runner = new();

    public void Dispose() => runner.Dispose();

    [Fact]
    public async Task Every_picture_shows_the_current_outputs()
    {
        Assert.SkipUnless(TestScope.IsWhole, "Only the full scope runs this test, because it runs two notebooks: set BACKPROP_TESTS=all.");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "docs/pictures is a shell script.");
        Assert.SkipUnless(Rounding.IsThatOfTheReference, "This processor rounds differently from the reference.");
        foreach (var (notebook, report) in new[] { ("Backprop.dib", "lesson.html"), ("examples/moons.dib", "moons.html") })
        {
            Assert.Equal(0, (await runner.RunAsync(Path.Combine(TestData.Root, notebook), "--html", report)).ExitCode);
        }

        using var check = Process.Start(new ProcessStartInfo("sh", [Path.Combine(TestData.Root, "docs", "pictures"), "--check", runner.Folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var ended = await RunnerProcess.EndAsync(check);

        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
    }
}

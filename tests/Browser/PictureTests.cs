using System.Diagnostics;
using Backprop.Tests.Runner;

namespace Backprop.Tests.Browser;

/// <summary>The pictures in the documents, compared with the current outputs.</summary>
[Parallel]
public sealed class PictureTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    // In a redrawn picture a changed digit differs in more pixels than this; rounding on another processor and antialiasing differ less.
    private const int MaxDifferentPixels = 8;
    private const string Font = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";

    private readonly RunnerProcess runner = new();

    public void Dispose() => runner.Dispose();

    [FullScopeFact]
    public async Task Every_picture_shows_the_current_outputs()
    {
        await using var page = new Page(await chromium.NewPage(width: 800));
        Assert.SkipUnless(File.Exists(Font), "The font of the pictures is not installed: run .ci/browser.sh as root.");
        var committed = Directory.GetFiles(Path.Combine(TestData.Root, "docs"), "*.png");
        Assert.NotEmpty(committed);

        await RunAsync("Backprop.dib", "lesson.html");
        await RunAsync("examples/moons.dib", "moons.html");
        await DrawAsync();

        var outdated = new List<string>();
        foreach (var picture in committed)
        {
            var different = await DifferentPixelsAsync(page, picture, Path.Combine(runner.Folder, Path.GetFileName(picture)));
            if (different > MaxDifferentPixels)
            {
                outdated.Add($"docs/{Path.GetFileName(picture)} is out of date: {different} pixels differ. Redraw it and look at it: sh docs/pictures");
            }
        }

        Assert.True(outdated.Count == 0, string.Join('\n', outdated));
    }

    private async Task RunAsync(string notebook, string report)
    {
        var ended = await runner.RunAsync(Path.Combine(TestData.Root, notebook), "--html", report);
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
    }

    private async Task DrawAsync()
    {
        using var drawing = Process.Start(new ProcessStartInfo("sh", [Path.Combine(TestData.Root, "docs", "pictures"), runner.Folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var ended = await RunnerProcess.EndAsync(drawing);
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
    }

    // Pixels of which a channel differs by more than a quarter; all of them if the sizes differ.
    private static async Task<int> DifferentPixelsAsync(Page page, string first, string second) =>
        await page.View.EvaluateAsync<int>(
            """
            async pictures => {
              const [first, second] = await Promise.all(pictures.map(async png => {
                const image = new Image();
                image.src = `data:image/png;base64,${png}`;
                await image.decode();
                const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
                context.drawImage(image, 0, 0);
                return context.getImageData(0, 0, image.width, image.height);
              }));
              const count = first.width * first.height;
              if (first.width !== second.width || first.height !== second.height) return count;
              const differs = pixel => [0, 1, 2].some(channel => Math.abs(first.data[4 * pixel + channel] - second.data[4 * pixel + channel]) > 64);
              return Array.from({ length: count }, (_, pixel) => pixel).filter(differs).length;
            }
            """,
            new[] { Base64(first), Base64(second) });

    private static string Base64(string path) => Convert.ToBase64String(File.ReadAllBytes(path));
}

using Microsoft.Playwright;

namespace Backprop.Tests.Browser;

/// <summary>Debian's Chromium, for tests of pages. They skip where it is missing; <c>.ci/browser.sh</c> installs it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Paths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (Paths.FirstOrDefault(File.Exists) is { } program)
        {
            playwright = await Playwright.CreateAsync();
            browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox", "--disable-gpu"] });
        }
    }

    /// <summary>Opens a page. All its requests are answered locally, without a network.</summary>
    /// <param name="head">The content of the head element.</param>
    /// <param name="body">The content of the body element.</param>
    /// <param name="online">Whether Plotly can be loaded.</param>
    /// <param name="width">The width of the window in pixels.</param>
    public async Task<Page> Open(string body, bool online = true, string head = "", int width = 800)
    {
        var page = new Page(await NewPage(width));
        await page.Load(head, body, online ? Script("plotly.js-dist-min") : null);
        return page;
    }

    /// <summary>Opens an empty page. Skips the current test where there is no browser.</summary>
    /// <param name="width">The width of the window in pixels.</param>
    public async Task<IPage> NewPage(int width)
    {
        Assert.SkipWhen(browser is null, "Chromium is not installed: run .ci/browser.sh as root, or install it.");
        return await browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 600 } });
    }

    /// <summary>Returns the path of a script that pages load, from an npm package.</summary>
    public static string Script(string package)
    {
        var folder = Path.Combine(TestData.Root, "out", "browser");
        var script = Directory.Exists(folder) ? Directory.GetFiles(folder, $"{package}-*.js").SingleOrDefault() : null;
        Assert.SkipWhen(script is null, $"{package} is not in out/browser: run .ci/browser.sh.");
        return script;
    }

    public async ValueTask DisposeAsync()
    {
        await (browser?.CloseAsync() ?? Task.CompletedTask);
        playwright?.Dispose();
    }
}

using Microsoft.Playwright;

namespace Backprop.Tests.Jupyter;

/// <summary>A notebook in the window of Jupyter Notebook, used as a person would.</summary>
/// <param name="page">The page in the browser.</param>
internal sealed class NotebookPage(IPage page) : IAsyncDisposable
{
    private const float Patience = 180_000;

    /// <summary>The page in the browser.</summary>
    public IPage View => page;

    /// <summary>Opens a notebook and waits until its kernel is ready.</summary>
    /// <param name="address">Where it is served.</param>
    public async Task OpenAsync(string address)
    {
        page.SetDefaultTimeout(Patience);
        await page.GotoAsync(address);
        await ReadyAsync();
    }

    /// <summary>Chooses from the menus.</summary>
    public async Task ChooseAsync(string menu, string entry)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = menu, Exact = true }).ClickAsync();
        await page.Locator("#menubar .open").GetByText(entry, new() { Exact = true }).ClickAsync();
    }

    /// <summary>Replaces the text of a cell, by its number in the notebook.</summary>
    public async Task WriteAsync(int cell, string text)
    {
        await Cell(cell).Locator(".CodeMirror-code").ClickAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.InsertTextAsync(text);
    }

    /// <summary>Lets a cell run.</summary>
    public async Task StartAsync(int cell)
    {
        await Cell(cell).Locator(".CodeMirror-code").ClickAsync();
        await page.Keyboard.PressAsync("Control+Enter");
    }

    /// <summary>Runs a cell to its end.</summary>
    /// <returns>The text that it shows.</returns>
    public async Task<string> RunAsync(int cell)
    {
        await StartAsync(cell);
        await ReadyAsync();
        return await TextAsync(cell);
    }

    /// <summary>The text that a cell shows, which Jupyter and the kernel both show as it is written.</summary>
    public async Task<string> TextAsync(int cell) => string.Concat(await Outputs(cell).Locator("pre").AllTextContentsAsync());

    /// <summary>What a cell shows.</summary>
    public ILocator Outputs(int cell) => Cell(cell).Locator(".output_subarea");

    /// <summary>What stands before a cell's code.</summary>
    public async Task<string> PromptAsync(int cell) => (await Cell(cell).Locator(".input_prompt").TextContentAsync())!.Replace('\u00a0', ' ');

    /// <summary>Waits until no cell runs or waits to run, and the kernel has nothing to do.</summary>
    public async Task ReadyAsync() =>
        await page.WaitForFunctionAsync(
            """
            () => document.querySelector('#kernel_indicator_icon.kernel_idle_icon')
              && ![...document.querySelectorAll('.input_prompt')].some(prompt => prompt.textContent.includes('[*]'))
            """);

    public async ValueTask DisposeAsync() => await page.CloseAsync();

    private ILocator Cell(int number) => page.Locator("#notebook-container > .cell").Nth(number - 1);
}

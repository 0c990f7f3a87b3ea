using Microsoft.Playwright;

namespace Backprop.Tests.Jupyter;

/// <summary>A notebook in Jupyter Notebook, operated like a user would.</summary>
/// <param name="page">The page in the browser.</param>
internal sealed class NotebookPage(IPage page) : IAsyncDisposable
{
    private const float Patience = 180_000;

    /// <summary>The page in the browser.</summary>
    public IPage View => page;

    /// <summary>Opens a notebook and waits until its kernel is ready.</summary>
    /// <param name="address">The address of the notebook.</param>
    public async Task OpenAsync(string address)
    {
        page.SetDefaultTimeout(Patience);
        await page.GotoAsync(address);
        await ReadyAsync();
    }

    /// <summary>Chooses a menu entry.</summary>
    public async Task ChooseAsync(string menu, string entry)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = menu, Exact = true }).ClickAsync();
        await page.Locator("#menubar .open").GetByText(entry, new() { Exact = true }).ClickAsync();
    }

    /// <summary>Replaces the text of a cell, given by its number in the notebook.</summary>
    public async Task WriteAsync(int cell, string text)
    {
        await Cell(cell).Locator(".CodeMirror-code").ClickAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.InsertTextAsync(text);
    }

    /// <summary>Starts a cell.</summary>
    public async Task StartAsync(int cell)
    {
        await Cell(cell).Locator(".CodeMirror-code").ClickAsync();
        await page.Keyboard.PressAsync("Control+Enter");
    }

    /// <summary>Runs a cell and waits for it.</summary>
    /// <returns>Its output as text.</returns>
    public async Task<string> RunAsync(int cell)
    {
        await StartAsync(cell);
        await ReadyAsync();
        return await TextAsync(cell);
    }

    /// <summary>Returns the output of a cell as text.</summary>
    public async Task<string> TextAsync(int cell) => string.Concat(await Outputs(cell).Locator("pre").AllTextContentsAsync());

    /// <summary>The outputs of a cell.</summary>
    public ILocator Outputs(int cell) => Cell(cell).Locator(".output_subarea");

    /// <summary>Returns the prompt of a cell, such as <c>In [1]:</c>.</summary>
    public async Task<string> PromptAsync(int cell) => (await Cell(cell).Locator(".input_prompt").TextContentAsync())!.Replace('\u00a0', ' ');

    /// <summary>Waits until no cell is running or queued and the kernel is idle.</summary>
    public async Task ReadyAsync() =>
        await page.WaitForFunctionAsync(
            """
            () => document.querySelector('#kernel_indicator_icon.kernel_idle_icon')
              && ![...document.querySelectorAll('.input_prompt')].some(prompt => prompt.textContent.includes('[*]'))
            """);

    public async ValueTask DisposeAsync() => await page.CloseAsync();

    private ILocator Cell(int number) => page.Locator("#notebook-container > .cell").Nth(number - 1);
}

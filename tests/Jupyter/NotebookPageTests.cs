using System.Text.Json;
using System.Text.RegularExpressions;
using Backprop.Tests.Browser;
using Backprop.Tests.Lesson;
using Microsoft.Playwright;

namespace Backprop.Tests.Jupyter;

/// <summary>The installed kernel in Jupyter Notebook.</summary>
[Collection(nameof(InstalledKernel))]
public sealed class NotebookPageTests(InstalledKernel kernel, Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    private const int WindowWidth = 1200;

    private readonly LessonFolder lesson = new();

    public void Dispose() => lesson.Dispose();

    [FullScopeFact]
    public async Task The_lesson_opens_without_a_dialog_runs_and_runs_again_with_another_learning_rate()
    {
        Assert.SkipUnless(Rounding.IsThatOfTheReference, "This processor rounds differently from the reference.");
        var plotly = Chromium.Script("plotly.js-dist-min");
        using var server = await JupyterServer.StartAsync(kernel, lesson.Folder);
        await using var page = await OpenAsync(server, "Backprop.ipynb");
        await page.View.RouteAsync(PlotlyUpgrade.Address, route => Page.AnswerWithScript(route, plotly));
        Assert.Equal(".NET (C#)", (await page.View.Locator("#kernel_indicator .kernel_indicator_name").TextContentAsync())!.Trim());
        Assert.Equal(0, await page.View.Locator(".modal").CountAsync());

        await page.ChooseAsync("Cell", "Run All");
        await page.ReadyAsync();

        var saved = SavedCell.Read(Path.Combine(TestData.Root, "Backprop.ipynb"));
        foreach (var cell in new[] { 9, 11, 13, 16 })
        {
            Assert.Equal(saved[NumberOf(cell)].Prints, await page.TextAsync(NumberOf(cell)));
        }

        Assert.Equal(0, await page.View.Locator(".output_error, .output_stderr").CountAsync());
        await AssertHovers(page);

        const string rate = "n = 0.01;";
        await page.WriteAsync(NumberOf(13), LessonCells.Source(13, (rate, "n = 0.5;")));
        await page.RunAsync(NumberOf(7));
        using var session = new LessonCells();
        await session.BeginAsync();
        await session.RunAsync(5);
        await session.RunAsync(7);
        foreach (var cell in new[] { 9, 11, 13, 9, 11 })
        {
            var expected = await session.RunAsync(cell, cell == 13 ? [(rate, "n = 0.5;")] : []);
            Assert.Equal(expected.Prints, await page.RunAsync(NumberOf(cell)));
        }
    }

    [FullScopeFact]
    public async Task An_endless_cell_is_interrupted_and_the_kernel_is_restarted_from_the_menu()
    {
        await File.WriteAllTextAsync(
            Path.Combine(lesson.Folder, "endless.ipynb"),
            """
            {"cells": [
              {"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source": "var a = 7;\nConsole.WriteLine(\"begun\");\nwhile (true) { }"},
              {"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source": "a"},
              {"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source": "1 + 1"}],
             "metadata": {"kernelspec": {"display_name": ".NET (C#)", "language": "C#", "name": ".net-csharp"}}, "nbformat": 4, "nbformat_minor": 4}
            """,
            TestContext.Current.CancellationToken);
        using var server = await JupyterServer.StartAsync(kernel, lesson.Folder);
        await using var page = await OpenAsync(server, "endless.ipynb");

        await page.StartAsync(1);
        await page.Outputs(1).GetByText("begun").WaitForAsync();
        await page.ChooseAsync("Kernel", "Interrupt");
        await page.ReadyAsync();
        Assert.Contains("was interrupted", await page.TextAsync(1), StringComparison.Ordinal);
        Assert.Equal("7", await page.RunAsync(2));

        await page.ChooseAsync("Kernel", "Restart");
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Restart", Exact = true }).ClickAsync();
        await page.View.Locator(".modal").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.ReadyAsync();
        Assert.Equal("2", await page.RunAsync(3));
        Assert.Equal("In [1]:", await page.PromptAsync(3));
        Assert.Contains("The name 'a' does not exist", await page.RunAsync(2), StringComparison.Ordinal);
    }

    [FullScopeFact]
    public async Task The_passes_of_a_graph_are_walked_through_by_keys_and_again_in_the_saved_notebook()
    {
        // Jupyter trusts what it saves if all of it was run there.
        var cells = new[] { LessonCells.Source("3", []), LessonCells.Source(LessonCells.Declarations, []), LessonCells.Source(5), LessonCells.SourceWith("Inside.csx"), LessonCells.SourceWith("var product1"), LessonCells.SourceWith("error.backward();") };
        await File.WriteAllTextAsync(
            Path.Combine(lesson.Folder, "graph.ipynb"),
            JsonSerializer.Serialize(new
            {
                cells = cells.Select(source => new { cell_type = "code", execution_count = (int?)null, metadata = new { }, outputs = Array.Empty<object>(), source }),
                metadata = new { kernelspec = new { display_name = ".NET (C#)", language = "C#", name = ".net-csharp" } },
                nbformat = 4,
                nbformat_minor = 4,
            }),
            TestContext.Current.CancellationToken);
        using var server = await JupyterServer.StartAsync(kernel, lesson.Folder);
        await using var page = await OpenAsync(server, "graph.ipynb");

        await page.ChooseAsync("Cell", "Run All");
        await page.ReadyAsync();
        await AssertWalks(page, cells.Length);

        await page.ChooseAsync("File", "Save and Checkpoint");
        await page.View.GetByText("(autosaved)").Or(page.View.GetByText("Checkpoint created")).First.WaitForAsync();
        await page.OpenAsync(server.AddressOf("graph.ipynb"));
        await AssertWalks(page, cells.Length);
    }

    // The number in the lesson of a cell of the PyTorch notebook.
    private static int NumberOf(int cell) => LessonCells.IndexOf($"{cell}") + 1;

    private static async Task AssertHovers(NotebookPage page)
    {
        var chart = page.Outputs(NumberOf(18)).Locator(".backprop-live .nsewdrag");
        await chart.ScrollIntoViewIfNeededAsync();
        await chart.HoverAsync();

        Assert.Matches(new Regex(@"^epoch \d+loss 0\.\d+$"), await page.Outputs(NumberOf(18)).Locator(".hoverlayer .hovertext").First.TextContentAsync());
    }

    // While the slider has the focus, keys are its own: they choose no other cell.
    private static async Task AssertWalks(NotebookPage page, int cell)
    {
        const string chosen = "() => [...document.querySelectorAll('.cell')].findIndex(cell => cell.matches('.selected'))";
        var graph = page.Outputs(cell).Locator(".backprop-graph");
        await graph.GetByLabel("next step").ClickAsync();
        var before = await page.View.EvaluateAsync<int>(chosen);
        await page.View.Keyboard.PressAsync("Shift+Tab");
        await page.View.Keyboard.PressAsync("ArrowRight");
        await page.View.Keyboard.PressAsync("ArrowUp");

        Assert.Equal("step 3 of 15", await graph.Locator(".backprop-walk span").InnerTextAsync());
        Assert.StartsWith("answer · SigmoidBackward0: 1.0100 × 0.5050 × (1 − 0.5050) = 0.2525", await graph.Locator(".backprop-line").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(4, await graph.Locator(".backprop-gradient:visible").CountAsync());
        Assert.Equal(before, await page.View.EvaluateAsync<int>(chosen));
    }

    private async Task<NotebookPage> OpenAsync(JupyterServer server, string notebook)
    {
        var page = new NotebookPage(await chromium.NewPage(WindowWidth));
        await page.OpenAsync(server.AddressOf(notebook));
        return page;
    }
}

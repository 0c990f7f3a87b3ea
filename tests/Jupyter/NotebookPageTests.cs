using System.Text.RegularExpressions;
using Backprop.Tests.Browser;
using Backprop.Tests.Lesson;
using Microsoft.Playwright;

namespace Backprop.Tests.Jupyter;

/// <summary>The installed kernel in the window of Jupyter Notebook.</summary>
[Collection(nameof(InstalledKernel))]
public sealed class NotebookPageTests(InstalledKernel kernel, Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    private const int Window = 1200;

    private readonly LessonFolder lesson = new();

    public void Dispose() => lesson.Dispose();

    [Fact]
    public async Task The_lesson_opens_without_a_question_runs_and_runs_again_with_another_learning_rate()
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
            Assert.Equal(saved[Place(cell)].Prints, await page.TextAsync(Place(cell)));
        }

        Assert.Equal(0, await page.View.Locator(".output_error, .output_stderr").CountAsync());
        await AssertHovers(page);
        await AssertWalks(page);

        const string rate = "n = 0.01;";
        await page.WriteAsync(Place(13), LessonCells.Source(13, (rate, "n = 0.5;")));
        await page.RunAsync(Place(7));
        using var session = new LessonCells();
        await session.BeginAsync();
        await session.RunAsync(5);
        await session.RunAsync(7);
        foreach (var cell in new[] { 9, 11, 13, 9, 11 })
        {
            var expected = await session.RunAsync(cell, cell == 13 ? [(rate, "n = 0.5;")] : []);
            Assert.Equal(expected.Prints, await page.RunAsync(Place(cell)));
        }
    }

    [Fact]
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

    // The number that a cell of the PyTorch notebook has in the lesson.
    private static int Place(int cell) => LessonCells.IndexOf($"{cell}") + 1;

    private static async Task AssertHovers(NotebookPage page)
    {
        var chart = page.Outputs(Place(18)).Locator(".backprop-live .nsewdrag");
        await chart.ScrollIntoViewIfNeededAsync();
        await chart.HoverAsync();

        Assert.Matches(new Regex(@"^epoch \d+loss 0\.\d+$"), await page.Outputs(Place(18)).Locator(".hoverlayer .hovertext").First.TextContentAsync());
    }

    // The keys are the slider's while it has the focus: no cell is chosen or run by them.
    private static async Task AssertWalks(NotebookPage page)
    {
        var graph = page.Outputs(LessonCells.IndexOfCode("error.backward();") + 1).Locator(".backprop-graph");
        await graph.ScrollIntoViewIfNeededAsync();
        await graph.GetByLabel("next step").ClickAsync();
        await page.View.Keyboard.PressAsync("Shift+Tab");
        await page.View.Keyboard.PressAsync("ArrowRight");
        await page.View.Keyboard.PressAsync("ArrowRight");

        Assert.Equal("step 3 of 15", await graph.Locator(".backprop-walk span").InnerTextAsync());
        Assert.StartsWith("answer · SigmoidBackward0: 1.0100 × 0.5050 × (1 − 0.5050) = 0.2525", await graph.Locator(".backprop-line").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(4, await graph.Locator(".backprop-gradient:visible").CountAsync());
    }

    private async Task<NotebookPage> OpenAsync(JupyterServer server, string notebook)
    {
        var page = new NotebookPage(await chromium.NewPage(Window));
        await page.OpenAsync(server.AddressOf(notebook));
        return page;
    }
}

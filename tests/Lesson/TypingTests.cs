namespace Backprop.Tests.Lesson;

/// <summary>Completion and quick info after the lesson's first two code cells.</summary>
public sealed class TypingTests : IDisposable
{
    private readonly LessonCells cells = new();

    public void Dispose() => cells.Dispose();

    [Fact]
    public async Task Packages_helpers_and_variables_are_completed()
    {
        await cells.BeginAsync();

        Assert.Equal("tensor:method", await FirstAsync("tens"));
        Assert.Equal("relu:method", await FirstAsync("torch.nn.functional.re"));
        Assert.Equal("backward:method", await FirstAsync("loss.back"));
        Assert.Equal("requires_grad:property", await FirstAsync("w1.requires"));
        Assert.Equal("loss:field", await FirstAsync("los"));
        Assert.Equal("MatrixProduct:class", await FirstAsync("MatrixPro"));
        Assert.Equal("Chart:class", await FirstAsync("XPlot.Plotly.Cha"));
    }

    [Fact]
    public async Task Signatures_and_doc_comments_are_shown()
    {
        await cells.BeginAsync();

        Assert.Equal("(field) torch.Tensor w1", await ExplanationAsync("w1"));
        Assert.StartsWith("void torch.Tensor.backward(", await ExplanationAsync("loss.backward"), StringComparison.Ordinal);
        Assert.Equal("torch.Tensor relu(torch.Tensor x)\nmax(0, x), for every number.", await ExplanationAsync("relu("));
    }

    private async Task<string> FirstAsync(string code)
    {
        var list = await cells.Session.CompleteAsync(code, code.Length, TestContext.Current.CancellationToken);
        return $"{list.Items[0].Text}:{list.Items[0].Kind}";
    }

    private async Task<string> ExplanationAsync(string code) =>
        (await cells.Session.InspectAsync(code, code.Length, TestContext.Current.CancellationToken))!.Text;
}

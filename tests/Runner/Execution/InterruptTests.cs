using System.Diagnostics;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;

namespace Backprop.Tests.Runner.Execution;

public sealed class InterruptTests : SessionTest
{
    [Theory]
    [InlineData("while (true) { n++; }")]
    [InlineData("while (true) { Console.Write('x'); }")]
    [InlineData("while (true) { try { Console.Write('x'); } catch { } }")]
    [InlineData("while (true) n++;")]
    [InlineData("do { System.Math.Sqrt(n); } while (true);")]
    [InlineData("for (; ; ) foreach (var i in new[] { 1, 2 }) n++; // endless")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    [InlineData("new System.Threading.ManualResetEventSlim().Wait();")]
    [InlineData("Task.Delay(-1).Wait();")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("await Task.Yield(); while (true) { n++; }")]
    [InlineData("await Task.Delay(1); while (true) { await Task.Yield(); }")]
    [InlineData("void Loop() { while (true) { n++; } } Loop();")]
    [InlineData("Enumerable.Repeat(1, int.MaxValue).Where(i => { return i < 0; }).Count()")]
    [InlineData("int Again(int i) { return i > 0 ? Again(i - 1) : 0; } class C { public int N() { System.Threading.Thread.Sleep(1); return 1; } } System.Threading.SpinWait.SpinUntil(() => { return new C().N() + Again(3) < 0; });")]
    public async Task Endless_code_is_interrupted_and_the_session_remains_usable(string code)
    {
        await Run("var n = 0;");
        var clock = Stopwatch.StartNew();

        await Assert.ThrowsAsync<OperationCanceledException>(() => InterruptAfter(300, code));

        Assert.InRange(clock.ElapsedMilliseconds, 250, 20_000);
        Assert.True(await Run("System.Threading.Thread.Sleep(1); await Task.Delay(1); Console.Write(n < 0);"));
        Assert.Equal(new StreamOutput(StreamKind.Out, "False"), Assert.Single(Outputs));
    }

    [Fact]
    public async Task An_interrupted_loop_stops_running()
    {
        await Run("var n = 0;");
        await Assert.ThrowsAsync<OperationCanceledException>(() => InterruptAfter(300, "await Task.Yield(); while (true) { n++; }"));
        await Task.Delay(300, TestContext.Current.CancellationToken);

        await Run("var before = n; System.Threading.Thread.Sleep(200); Console.Write(n - before);");

        Assert.Equal(new StreamOutput(StreamKind.Out, "0"), Assert.Single(Outputs));
    }

    [Fact]
    public async Task An_interrupted_cell_runs_its_finally_blocks_and_its_assignments_persist()
    {
        await Run("var a = 1; var cleaned = false;");
        await Assert.ThrowsAsync<OperationCanceledException>(() => InterruptAfter(300, "try { while (true) { a = 2; } } finally { cleaned = true; }"));

        await Run("$\"{a} {cleaned}\"");

        Assert.Equal("2 True", Assert.IsType<ValueOutput>(Assert.Single(Outputs)).Data["text/plain"]);
    }

    [Fact]
    public async Task Declarations_of_an_interrupted_cell_persist()
    {
        await Assert.ThrowsAsync<OperationCanceledException>(() => InterruptAfter(300, "var n = 7; while (true) { }"));

        await Run("n");

        Assert.Equal("7", Assert.IsType<ValueOutput>(Assert.Single(Outputs)).Data["text/plain"]);
    }

    [Fact]
    public async Task Compile_errors_quote_the_code_without_interruption_points()
    {
        await Run("while (true) { int a = \"text\"; }");

        Assert.Equal(["at cell, line 1: while (true) { int a = \"text\"; }"], Assert.IsType<ErrorOutput>(Assert.Single(Outputs)).Traceback);
    }

    private async Task<bool> InterruptAfter(int milliseconds, string code)
    {
        using var interrupt = new CancellationTokenSource();
        var running = Session.RunAsync(new Submission("cell", "Console.Write(\"begun\"); " + code), interrupt.Token);
        while (Outputs.Count == 0)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        interrupt.CancelAfter(milliseconds);
        try
        {
            return await running;
        }
        finally
        {
            Outputs.Clear();
        }
    }
}

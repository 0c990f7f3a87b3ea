using Backprop.Tests.Jupyter;
using Backprop.Tests.Lesson;

namespace Backprop.Tests.Hosts;

/// <summary>The lesson in the process that Polyglot Notebooks in VS Code starts.</summary>
[Parallel]
public sealed class LessonInPolyglotTests(LessonInPolyglotTests.Run run) : IClassFixture<LessonInPolyglotTests.Run>
{
    [Fact]
    public void Every_cell_shows_the_saved_outputs()
    {
        run.Require();
        Assert.SkipUnless(Rounding.IsThatOfTheReference, "This processor rounds differently from the reference.");
        var saved = SavedCell.Read(RealHosts.Lesson).Values;

        Assert.Equal(saved.Count, run.Answers.Count);
        Assert.All(saved.Zip(run.Answers), pair =>
        {
            Assert.Null(pair.Second.Error);
            Assert.Equal(pair.First.Shown, RealHosts.WithoutHostOutputs(pair.Second.Shown));
        });
    }

    [Fact]
    public void No_cell_writes_to_stderr_or_has_a_diagnostic()
    {
        run.Require();

        Assert.All(run.Answers, answer =>
        {
            Assert.Equal("", answer.StandardError);
            Assert.Empty(answer.Diagnostics);
        });
    }

    [FullScopeFact]
    public async Task After_the_run_no_cell_is_underlined()
    {
        run.Require();

        foreach (var cell in RealHosts.Cells)
        {
            Assert.Empty((await run.Host.DiagnosticsAsync(cell.Source)).Diagnostics);
        }
    }

    [Fact]
    public async Task Members_of_a_tensor_are_completed()
    {
        run.Require();

        var completions = (await run.Host.CompletionsAsync("w1.")).Completions.ToList();

        Assert.Contains("grad", completions);
        Assert.Contains("backward", completions);
    }

    [Fact]
    public async Task A_name_in_the_lesson_has_a_hover_text()
    {
        run.Require();

        Assert.Contains("Tensor w1", (await run.Host.HoverAsync("w1", 1)).Hover);
        Assert.Contains("relu(", (await run.Host.HoverAsync("relu(w1)", 1)).Hover);
    }

    [Fact]
    public async Task A_function_in_the_lesson_has_signature_help()
    {
        run.Require();

        Assert.Contains((await run.Host.SignaturesAsync("forward(")).Signatures, signature => signature.EndsWith("forward(Tensor x)", StringComparison.Ordinal));
    }

    /// <summary>A run of all cells, shared by the tests.</summary>
    public sealed class Run : IAsyncLifetime
    {
        private InteractiveProcess? host;

        internal InteractiveProcess Host => host!;

        internal IReadOnlyList<InteractiveAnswer> Answers { get; private set; } = [];

        /// <summary>Skips the current test where the tool cannot be restored.</summary>
        public void Require()
        {
            DotnetTools.Require();
            Assert.NotNull(host);
        }

        public async ValueTask InitializeAsync()
        {
            if (!DotnetTools.AreRestored)
            {
                return;
            }

            host = await InteractiveProcess.StartAsync(TestData.Root);
            var answers = new List<InteractiveAnswer>();
            foreach (var cell in RealHosts.Cells)
            {
                answers.Add(await host.RunAsync(cell.Source));
            }

            Answers = answers;
        }

        public async ValueTask DisposeAsync()
        {
            if (host is not null)
            {
                await host.DisposeAsync();
            }
        }
    }
}

using Backprop.Runner.Documents;

namespace Backprop.Tests.Lesson;

/// <summary>The numbers in the lesson's prose, compared with a run.</summary>
public sealed class ProseTests(LessonTests.SharedRun shared) : IClassFixture<LessonTests.SharedRun>
{
    private static readonly Notebook Lesson = NotebookFile.Read(Path.Combine(TestData.Root, "Backprop.dib"));

    private readonly LessonTests.WholeRun lesson = shared.Run;

    [Fact]
    public void The_network_has_nine_numbers_in_four_tensors()
    {
        Says(6, "four tensors, nine numbers in all");
        Assert.Equal(9, lesson.Bits.Where(entry => entry.Key.StartsWith("trained ", StringComparison.Ordinal)).Sum(entry => entry.Value.Length));
    }

    [Fact]
    public void The_hidden_units_receive_their_biases_and_the_second_is_switched_off()
    {
        Says(10, "0.2 and -0.2");
        Says(10, "`0.0000`");
        Assert.StartsWith("tensor([0.2000, 0.0000]", lesson.Runs[9].Prints, StringComparison.Ordinal);
        Assert.Contains("b1 = tensor([0.2, -0.2]", Lesson.Cells[LessonCells.IndexOf("7")].Source, StringComparison.Ordinal);
    }

    [Fact]
    public void The_gradients_follow_from_each_other()
    {
        Says(12, "the whole gradient at the output unit, 0.2525");
        Says(12, "0.2 × 0.2525 = 0.0505");
        var gradient = Value("grads b2", 0);
        Assert.Equal(0.2525, gradient, 0.00005);
        Assert.Equal(0.0505, Value("grads w2", 0), 0.00005);
        Assert.Equal(Value("forward o1", 0) * gradient, Value("grads w2", 0), 1e-7);
        Assert.Equal(0, Value("grads w2", 1));
        Assert.All(lesson.Bits["grads w1"], bits => Assert.Equal(0, Bits.ToSingle(bits)));
        Assert.Equal(0, Value("grads b1", 1));
    }

    [Fact]
    public void The_run_ends_as_the_prose_says()
    {
        Says(17, "0.1773 and 0.0789 are nearer to 0, 0.9028 and 0.9025 nearer to 1");
        Says(17, "from 0.2475 to 0.0255");
        Assert.Equal([0.1773, 0.9028, 0.9025, 0.0789], Enumerable.Range(0, 4).Select(i => Math.Round(Value("predictions", i), 4)));
        Assert.Equal(0.2475, Bits.ToSingle(lesson.Losses[0]), 0.00005);
        Assert.Equal(0.0255, Bits.ToSingle(lesson.Losses[4000]), 0.00005);
    }

    private static void Says(int cell, string text) => Assert.Contains(text, Lesson.Cells[LessonCells.IndexOf($"{cell}")].Source, StringComparison.Ordinal);

    private double Value(string name, int index) => Bits.ToSingle(lesson.Bits[name][index]);
}

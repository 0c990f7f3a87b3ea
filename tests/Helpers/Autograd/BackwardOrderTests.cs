using System.Globalization;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Backprop.Tests;

/// <summary>The order of the backward pass, against the one that libtorch takes here; PyTorch's is tested with <see cref="GradFnTests"/>.</summary>
public sealed class BackwardOrderTests
{
    [Fact]
    public void Operations_of_random_graphs_are_taken_in_the_order_in_which_libtorch_takes_them()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            using var scope = torch.NewDisposeScope();
            Sum.Taken.Clear();
            var sums = AtRandom(new Random(seed));
            var order = BackwardOrder.Of(GradFn.Of(sums[^1])!);
            var expected = order.Where(node => node.Name == "CSharpNode").Select(node => sums.FindIndex(sum => GradFn.Of(sum) == node)).ToList();

            sums[^1].sum().backward();

            Assert.True(expected.SequenceEqual(Sum.Taken), $"Seed {seed}: {string.Join(" ", expected)} and not {string.Join(" ", Sum.Taken)}");
        }
    }

    [Fact]
    public void Sequence_numbers_count_the_operations_and_leaves_have_the_highest()
    {
        using var scope = torch.NewDisposeScope();
        var w = torch.ones(2, requires_grad: true);
        var square = w * w;
        var numbers = new[] { square, square.exp(), w.sum() }.Select(tensor => GradFn.Of(tensor)!.SequenceNumber).ToList();

        Assert.Equal([numbers[0], numbers[0] + 1, numbers[0] + 2], numbers);
        Assert.Equal(ulong.MaxValue, GradFn.Of(square)!.NextFunctions[0]!.SequenceNumber);
    }

    // Sums of leaves and of each other; not all of them need lead to the last.
    private static List<Tensor> AtRandom(Random random)
    {
        var leaves = Enumerable.Range(0, random.Next(1, 5)).Select(_ => torch.ones(1, requires_grad: true)).ToList();
        var sums = new List<Tensor>();
        for (var place = 0; place < 20; place++)
        {
            Tensor Any() => sums.Count > 0 && random.Next(3) > 0 ? sums[^random.Next(1, Math.Min(sums.Count, 5) + 1)] : leaves[random.Next(leaves.Count)];
            object[] summands = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Any())];
            sums.Add(Sum.apply([.. summands, place]));
        }

        return sums;
    }

    // An operation that notes its place when it is taken. The place is its last argument.
    private sealed class Sum : torch.autograd.SingleTensorFunction<Sum>
    {
        public static List<int> Taken { get; } = [];

        public override string Name => nameof(Sum);

        public override Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data("place", vars[^1]);
            ctx.save_data("count", vars.Length - 1);
            return torch.stack([.. vars[..^1].Cast<Tensor>()]).sum(0L);
        }

        public override List<Tensor> backward(torch.autograd.AutogradContext ctx, Tensor grad_output)
        {
            Taken.Add(Convert.ToInt32(ctx.get_data("place"), CultureInfo.InvariantCulture));
            return [.. Enumerable.Repeat(grad_output, Convert.ToInt32(ctx.get_data("count"), CultureInfo.InvariantCulture)), null!];
        }
    }
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TorchSharp;
using static Tensors;

namespace Backprop.Tests;

/// <summary><c>matmul</c>, compared with PyTorch (tests/reference/matmul.py).</summary>
public class MatrixProductTests
{
    private static readonly List<JsonNode> Cases =
        [.. JsonNode.Parse(File.ReadAllText(TestData.Path("matmul.json")))!["cases"]!.AsArray().Select(one => one!)];

    [Fact]
    public void Matching_shapes_give_PyTorchs_product()
    {
        var fitting = Cases.Where(one => one["error"] is null).ToList();

        Assert.True(fitting.Count > 50);
        Assert.All(fitting, one =>
        {
            var product = matmul(Numbers(one["left"]!), Numbers(one["right"]!));

            Assert.Equal(Sizes(one["shape"]!), product.shape);
            Assert.Equal(one["values"]!.AsArray().Select(value => (float)value!), product.numel() == 0 ? [] : product.flatten().data<float>().ToArray());
        });
    }

    [Fact]
    public void Mismatched_shapes_are_an_exception_in_PyTorchs_words()
    {
        var refused = Cases.Where(one => one["error"] is not null).ToList();

        Assert.True(refused.Count > 100);
        Assert.All(refused, one =>
        {
            var error = Assert.Throws<InvalidOperationException>(() => matmul(Numbers(one["left"]!), Numbers(one["right"]!)));

            Assert.Equal(InCurrentWords((string)one["error"]!), error.Message);
        });
    }

    [Fact]
    public void The_result_and_its_graph_are_those_of_torch_matmul_to_the_bit()
    {
        foreach (var (left, right) in new[] { (new long[] { 3 }, new long[] { 3, 4 }), ([2, 3], [3]), ([2, 3], [3, 4]), ([5, 2, 3], [3, 4]), ([5, 2, 3], [5, 3, 4]) })
        {
            var a = torch.rand(left, requires_grad: true);
            var b = torch.rand(right, requires_grad: true);

            var (ours, theirs) = (matmul(a, b), torch.matmul(a, b));

            Assert.Equal(theirs.data<float>().ToArray(), ours.data<float>().ToArray());
            Assert.Equal(Chain(theirs), Chain(ours));
        }
    }

    [Theory]
    [InlineData("float64")]
    [InlineData("int64")]
    [InlineData("bool")]
    public void Different_dtypes_are_an_exception_that_names_both(string type)
    {
        var other = torch.ones(2, 2).to_type(type switch { "float64" => torch.float64, "int64" => torch.int64, _ => torch.@bool });

        var error = Assert.Throws<InvalidOperationException>(() => matmul(torch.ones(2, 2), other));

        Assert.StartsWith("expected m1 and m2 to have the same dtype, but got: float != ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Integers_are_multiplied_and_Booleans_are_an_exception()
    {
        Assert.Equal([19, 22, 43, 50], matmul(tensor([[1, 2], [3, 4]]), tensor([[5, 6], [7, 8]])).data<long>().ToArray());
        Assert.Equal([5, 11], matmul(tensor([[1, 2], [3, 4]]), tensor([1, 2])).data<long>().ToArray());
        Assert.Contains("Bool", Assert.Throws<InvalidOperationException>(() => matmul(tensor([true, true]).reshape(1, 2), tensor([true, false]).reshape(2, 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sparse_matrix_of_the_wrong_shape_is_an_exception() =>
        Assert.Throws<InvalidOperationException>(() => matmul(torch.ones(2, 3).to_sparse(), torch.ones(2, 3)));

    // The message of libtorch 2.10 for a vector of the wrong size is longer than that of PyTorch 1.13.
    private static string InCurrentWords(string error) =>
        Regex.Replace(error, "^size mismatch, got ([0-9]+), ([0-9x]+),([0-9]+)$", "size mismatch, got input ($1), mat ($2), vec ($3)");

    private static List<string> Chain(torch.Tensor tensor)
    {
        var names = new List<string>();
        for (var node = GradFn.Of(tensor); node is not null; node = node.NextFunctions is [var next, ..] ? next : null)
        {
            names.Add(node.Name);
        }

        return names;
    }

    private static torch.Tensor Numbers(JsonNode shape) =>
        (torch.arange(Sizes(shape).Aggregate(1L, (product, size) => product * size), torch.float32) - 1).reshape(Sizes(shape));

    private static long[] Sizes(JsonNode shape) => [.. shape.AsArray().Select(size => (long)size!)];
}

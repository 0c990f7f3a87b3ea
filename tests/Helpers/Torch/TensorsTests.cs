using TorchSharp;
using static Tensors;

namespace Backprop.Tests;

/// <summary><c>tensor</c> as in PyTorch: the dtype follows from the numbers, the shape from the brackets.</summary>
public class TensorsTests
{
    [Fact]
    public void Integers_become_int64_and_floating_point_numbers_float32()
    {
        AssertText("tensor([0, 1])", tensor([0, 1]));
        AssertText("tensor([0.0000, 1.5000])", tensor([0, 1.5]));
        AssertText("tensor([[1, 2],\n        [3, 4]])", tensor([[1, 2], [3, 4]]));
        AssertText("tensor([[1.0000, 2.0000],\n        [3.0000, 4.5000]])", tensor([[1, 2], [3, 4.5]]));
        AssertText("tensor([ True, False])", tensor([true, false]));
    }

    [Fact]
    public void A_single_number_becomes_a_0_dimensional_tensor()
    {
        AssertText("tensor(3.)", tensor(3.0));
        AssertText("tensor(3)", tensor(3));
        AssertText("tensor(True)", tensor(true));
        AssertText("tensor(2., requires_grad=True)", tensor(2.0, requires_grad: true));
    }

    [Fact]
    public void A_given_dtype_is_used()
    {
        AssertText("tensor([0., 1.])", tensor([0, 1], dtype: torch.float32));
        AssertText("tensor([[0., 1.]], dtype=torch.float64)", tensor([[0, 1]], dtype: torch.float64));
        AssertText("tensor([0, 1])", tensor([0.5, 1.5], dtype: torch.int64));
        AssertText("tensor(3, dtype=torch.int32)", tensor(3.0, dtype: torch.int32));
    }

    [Fact]
    public void A_double_is_rounded_to_float32_once() =>
        Assert.Equal(0.1f, tensor([0.1]).item<float>());

    [Fact]
    public void A_parameter_is_a_leaf()
    {
        var parameter = tensor([[0.1, 0.3], [0.2, 0.1]], requires_grad: true);

        Assert.True(parameter.is_leaf);
        Assert.True(parameter.requires_grad);
        AssertText("tensor([[0.1000, 0.3000],\n        [0.2000, 0.1000]], requires_grad=True)", parameter);
    }

    [Fact]
    public void An_array_keeps_its_type_and_shape()
    {
        AssertText("tensor([[1., 2.]])", tensor(new float[,] { { 1, 2 } }));
        AssertText("tensor([1, 2], dtype=torch.int32)", tensor(Enumerable.Range(1, 2).ToArray()));
    }

    [Fact]
    public void Rows_of_different_lengths_are_an_error() => Assert.Equal(
        "Row 1 has 1 numbers, but row 0 has 2. Give every row the same length.",
        Assert.Throws<ArgumentException>(() => tensor([[1, 2], [3]])).Message);

    [Fact]
    public void Integers_that_require_a_gradient_are_an_error_as_in_PyTorch() =>
        Assert.ThrowsAny<Exception>(() => tensor([1, 2], requires_grad: true));

    [Fact]
    public void An_empty_list_makes_an_empty_float32_tensor() => AssertText("tensor([])", tensor(Array.Empty<double>()));

    private static void AssertText(string expected, torch.Tensor tensor) => Assert.Equal(expected, TensorText.repr(tensor));
}

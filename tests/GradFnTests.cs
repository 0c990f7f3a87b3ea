using static Tensors;

namespace Backprop.Tests;

public class GradFnTests
{
    [Fact]
    public void A_tensor_knows_the_operation_it_came_from()
    {
        var w = tensor([1f, 2f], requires_grad: true);
        Assert.Equal("ReluBackward0", GradFn.Of(relu(w))?.Name);
        Assert.Null(GradFn.Of(w));
    }
}

namespace Backprop.Tests.Lesson;

/// <summary>Cells with a mistake for which PyTorch throws an exception, and a part of its message. They run after the data cell and the weights cell.</summary>
internal static class Mistakes
{
    public static IReadOnlyDictionary<string, string> Cells { get; } = new Dictionary<string, string>
    {
        ["matmul(x, tensor([[1, 2, 3]], dtype: float32))"] = "mat1 and mat2 shapes cannot be multiplied (4x2 and 1x3)",
        ["try { matmul(x, tensor([[1, 2, 3]])); } catch (Exception) { print(\"caught\"); throw; }"] = "shapes cannot be multiplied (4x2 and 1x3)",
        ["matmul(x, w1.to(torch.float64))"] = "expected m1 and m2 to have the same dtype, but got: float != double",
        ["matmul(x, tensor([1.0, 2.0, 3.0]))"] = "size mismatch, got input (4), mat (4x2), vec (3)",
        ["matmul(x[0], tensor([1.0, 2.0, 3.0]))"] = "inconsistent tensor size",
        ["matmul(tensor(1.0), w1)"] = "both arguments to matmul need to be at least 1D, but they are 0D and 2D",
        ["matmul(torch.ones(2, 3, 2), torch.ones(4, 2, 5))"] = "The size of tensor a (2) must match the size of tensor b (4) at non-singleton dimension 0",
        ["matmul(torch.ones(2, 3, 2), torch.ones(2, 3, 5))"] = "Expected size for first two dimensions of batch2 tensor to be: [2, 2] but got: [2, 3].",
        ["matmul(tensor([true, false]), tensor([true, true]))"] = "\"dot\" not implemented for 'Bool'",
        ["x + tensor([1.0, 2.0, 3.0])"] = "The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 1",
        ["x.reshape(3, 3)"] = "shape '[3, 3]' is invalid for input of size 8",
        ["x[7]"] = "index 7 out of range for tensor of size [4, 2] at dimension 0",
        ["(x * w1.sum()).backward()"] = "grad can be implicitly created only for scalar outputs",
        ["w1.sub_(1)"] = "a leaf Variable that requires grad is being used in an in-place operation",
        ["torch.cat([x, y])"] = "Tensors must have same number of dimensions: got 2 and 1",
        ["tensor([1, 2], requires_grad: true)"] = "floating point",
        ["tensor([[1, 2], [3]])"] = "Row 1 has 1 numbers, but row 0 has 2.",
    };
}

#nullable enable annotations
using System.Collections.Generic;
using TorchSharp;
using static Tensors;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>The lesson's network as a class: two inputs, two hidden units, one output, nine parameters.</summary>
public sealed class XorNetwork
{
    /// <summary>Creates the network with the initial weights of part 1, which are known to work.</summary>
    /// <param name="type">The dtype of the parameters. Even in float64 their values are those of part 1, rounded to float32.</param>
    public XorNetwork(torch.ScalarType type = torch.ScalarType.Float32)
    {
        Tensor Parameter(Tensor start) => start.to_type(type).requires_grad_();
        w1 = Parameter(tensor([[0.1, 0.3], [0.2, 0.1]]));
        b1 = Parameter(tensor([0.2, -0.2]));
        w2 = Parameter(tensor([[0.1], [-0.4]]));
        b2 = Parameter(tensor([0.0]));
    }

    /// <summary>Weights from the inputs to the hidden units, shape [2, 2].</summary>
    public Tensor w1 { get; }

    /// <summary>Biases of the hidden units, shape [2].</summary>
    public Tensor b1 { get; }

    /// <summary>Weights from the hidden units to the output, shape [2, 1].</summary>
    public Tensor w2 { get; }

    /// <summary>Bias of the output, shape [1].</summary>
    public Tensor b2 { get; }

    /// <summary>All parameters.</summary>
    public IReadOnlyList<Tensor> Parameters => [w1, b1, w2, b2];

    /// <summary>Returns the predictions for samples of shape [2] or [count, 2], between 0 and 1, in shape [1] or [count, 1].</summary>
    public Tensor Forward(Tensor x) => sigmoid(matmul(relu(matmul(x, w1) + b1), w2) + b2);

    /// <summary>Subtracts the gradient times the learning rate from every parameter.</summary>
    public void Step(double learningRate)
    {
        using var off = no_grad();
        using var scope = torch.NewDisposeScope();
        foreach (var parameter in Parameters)
        {
            parameter.sub_(parameter.grad! * learningRate);
        }
    }

    /// <summary>Sets all existing gradients to zero.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in Parameters)
        {
            parameter.grad?.zero_();
        }
    }

    /// <summary>Trains sample by sample, in order, as part 1 does.</summary>
    /// <param name="x">The samples, shape [count, 2].</param>
    /// <param name="y">The targets, shape [count].</param>
    /// <param name="epochs">The number of passes over all samples.</param>
    /// <param name="learningRate">The factor of the gradient in each step.</param>
    public void Train(Tensor x, Tensor y, int epochs, double learningRate)
    {
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            using var scope = torch.NewDisposeScope();
            for (var i = 0; i < x.shape[0]; i++)
            {
                ZeroGrad();
                (y[i] - Forward(x[i])).pow(2).backward();
                Step(learningRate);
            }
        }
    }
}

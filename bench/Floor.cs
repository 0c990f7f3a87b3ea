using System.Diagnostics;

namespace Backprop.Bench;

/// <summary>The arithmetic of the training cell in plain loops over arrays, with gradients by hand: the cost without autograd.</summary>
internal static class Floor
{
    private const float Rate = 0.01f;

    /// <summary>Trains once.</summary>
    /// <returns>The duration in seconds and the final loss.</returns>
    public static (double Seconds, float Loss) Train(int epochs)
    {
        float[][] x = [[0, 0], [0, 1], [1, 0], [1, 1]];
        float[] y = [0, 1, 1, 0];
        float[] w1 = [0.1f, 0.3f, 0.2f, 0.1f], b1 = [0.2f, -0.2f], w2 = [0.1f, -0.4f];
        var b2 = 0f;
        var o1 = new float[2];
        var loss = 0f;
        var clock = Stopwatch.StartNew();
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            for (var i = 0; i < x.Length; i++)
            {
                var o2 = Forward(x[i]);
                var d2 = -2 * (y[i] - o2) * o2 * (1 - o2);
                for (var j = 0; j < 2; j++)
                {
                    var d1 = o1[j] > 0 ? d2 * w2[j] : 0;
                    w2[j] -= Rate * d2 * o1[j];
                    w1[j] -= Rate * d1 * x[i][0];
                    w1[2 + j] -= Rate * d1 * x[i][1];
                    b1[j] -= Rate * d1;
                }

                b2 -= Rate * d2;
            }

            loss = 0;
            for (var i = 0; i < x.Length; i++)
            {
                var difference = y[i] - Forward(x[i]);
                loss += difference * difference / x.Length;
            }
        }

        return (clock.Elapsed.TotalSeconds, loss);

        float Forward(float[] sample)
        {
            for (var j = 0; j < 2; j++)
            {
                o1[j] = Math.Max(0, (sample[0] * w1[j]) + (sample[1] * w1[2 + j]) + b1[j]);
            }

            return 1 / (1 + MathF.Exp(-((o1[0] * w2[0]) + (o1[1] * w2[1]) + b2)));
        }
    }
}

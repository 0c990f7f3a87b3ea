using System.Globalization;

namespace Backprop.Bench;

/// <summary>A quantity that is measured several times on both sides.</summary>
internal sealed class Measured(string name, string unit)
{
    private readonly List<double> csharp = [];
    private readonly List<double> python = [];

    public static string Head => "| | C# | PyTorch | C# / PyTorch |\n|---|---|---|---|";

    public double Ratio => Median(csharp) / Median(python);

    public void Add(double ofCSharp, double ofPython)
    {
        csharp.Add(ofCSharp);
        python.Add(ofPython);
    }

    /// <summary>Returns a table row with the medians, the smallest and largest values, and the ratio of the medians.</summary>
    public override string ToString() => $"| {name} | {Show(csharp)} | {Show(python)} | {Ratio:0.00} |";

    private string Show(List<double> values) =>
        $"{Show(Median(values))} {unit} ({Show(values.Min())}–{Show(values.Max())})";

    private string Show(double value) =>
        value.ToString(unit switch { "s" => "0.00", "µs" => "0.0", _ => "0" }, CultureInfo.InvariantCulture);

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}

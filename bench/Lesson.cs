using System.Runtime.CompilerServices;
using Backprop.Runner.Documents;

namespace Backprop.Bench;

/// <summary>Part 1 of the lesson without its chart: the cells that the PyTorch notebook also has.</summary>
internal static class Lesson
{
    private const int CellCount = 17;

    public static string Root { get; } = Path.GetDirectoryName(Path.GetDirectoryName(ThisFile()))!;

    public static Notebook Part1 { get; } = Cut(NotebookFile.Read(Path.Combine(Root, "Backprop.dib")));

    /// <summary>Returns code that is both C# and Python: the weights of a network with some number of hidden units.</summary>
    public static string Weights(int hiddenUnits) =>
        $"""
        w1 = torch.linspace(-0.3, 0.3, {2 * hiddenUnits}).reshape(2, {hiddenUnits}).requires_grad_();
        b1 = torch.linspace(-0.2, 0.2, {hiddenUnits}).requires_grad_();
        w2 = torch.linspace(0.4, -0.4, {hiddenUnits}).reshape({hiddenUnits}, 1).requires_grad_();
        b2 = torch.zeros(1).requires_grad_();
        """;

    /// <summary>Writes part 1 and the helpers it loads to a folder.</summary>
    /// <returns>The path of the notebook.</returns>
    public static string WriteTo(string folder) => Write(folder, Part1, "part1");

    /// <summary>Writes part 1 with other weights and another number of epochs, and the helpers it loads, to a folder.</summary>
    /// <returns>The path of the notebook.</returns>
    public static string WriteTo(string folder, string weights, int epochs) =>
        Write(folder, Part1 with { Cells = [.. Part1.Cells.Select(cell => With(cell, weights, epochs))] }, "hidden");

    private static Cell With(Cell cell, string weights, int epochs) => cell with
    {
        Source = cell.Source.Contains("w1 = tensor(", StringComparison.Ordinal)
            ? weights
            : cell.Source.Replace("EPOCHS = 5000", $"EPOCHS = {epochs}", StringComparison.Ordinal),
    };

    private static string Write(string folder, Notebook notebook, string name)
    {
        var helpers = Path.Combine(Root, "helpers");
        foreach (var file in Directory.GetDirectories(helpers).Append(helpers).SelectMany(room => Directory.GetFiles(room).Where(file => Path.GetExtension(file) is ".cs" or ".csx")))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        var path = Path.Combine(folder, name + ".dib");
        File.WriteAllText(path, DibFormat.Write(notebook));
        return path;
    }

    private static Notebook Cut(Notebook whole) => whole with { Cells = [.. whole.Cells.Take(CellCount)] };

    private static string ThisFile([CallerFilePath] string path = "") => path;
}

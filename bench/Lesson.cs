using System.Runtime.CompilerServices;
using Backprop.Runner.Documents;

namespace Backprop.Bench;

/// <summary>Part 1 of the lesson without its chart: the cells that the PyTorch notebook also has.</summary>
internal static class Lesson
{
    private const int CellCount = 17;

    public static string Root { get; } = Path.GetDirectoryName(Path.GetDirectoryName(ThisFile()))!;

    public static Notebook Part1 { get; } = Cut(NotebookFile.Read(Path.Combine(Root, "Backprop.dib")));

    /// <summary>Writes part 1 and the helpers it loads to a folder.</summary>
    /// <returns>The path of the notebook.</returns>
    public static string WriteTo(string folder)
    {
        var helpers = Path.Combine(Root, "helpers");
        foreach (var file in Directory.GetDirectories(helpers).Append(helpers).SelectMany(room => Directory.GetFiles(room).Where(file => Path.GetExtension(file) is ".cs" or ".csx")))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        var path = Path.Combine(folder, "part1.dib");
        File.WriteAllText(path, DibFormat.Write(Part1));
        return path;
    }

    private static Notebook Cut(Notebook whole) => whole with { Cells = [.. whole.Cells.Take(CellCount)] };

    private static string ThisFile([CallerFilePath] string path = "") => path;
}

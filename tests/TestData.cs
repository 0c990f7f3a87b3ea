using System.Text.Json.Nodes;

namespace Backprop.Tests;

/// <summary>The files of the checkout and the reference data.</summary>
internal static class TestData
{
    /// <summary>The root of the checkout.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Returns the path of a file in <c>tests/data</c>.</summary>
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "data", name);

    /// <summary>The sources of the helpers, as paths relative to their folder with slashes.</summary>
    public static IEnumerable<string> Helpers =>
        FilesBelow(System.IO.Path.Combine(Root, "helpers")).Where(file => System.IO.Path.GetExtension(file) is ".cs" or ".csx" && !file.StartsWith("bin/", StringComparison.Ordinal) && !file.StartsWith("obj/", StringComparison.Ordinal));

    /// <summary>Returns all files below a folder, as paths relative to it with slashes.</summary>
    public static IEnumerable<string> FilesBelow(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => System.IO.Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    /// <summary>Returns a loss for each of 5000 epochs: PyTorch's for every hundredth, linearly interpolated between them.</summary>
    public static float[] Losses()
    {
        var recorded = JsonNode.Parse(File.ReadAllText(Path("lesson.json")))!["loss_by_epoch"]!.AsArray()
            .Select(pair => (Epoch: (int)pair![0]!, Loss: BitConverter.UInt32BitsToSingle(Convert.ToUInt32((string)pair[1]!, 16))))
            .ToList();
        return [.. Enumerable.Range(1, 5000).Select(epoch =>
        {
            var right = Math.Max(1, recorded.FindIndex(point => point.Epoch >= epoch));
            var (from, to) = (recorded[right - 1], recorded[right]);
            return float.Lerp(from.Loss, to.Loss, (float)(epoch - from.Epoch) / (to.Epoch - from.Epoch));
        })];
    }

    private static string FindRoot(string folder)
    {
        while (!File.Exists(System.IO.Path.Combine(folder, "Backprop.dib")))
        {
            folder = System.IO.Path.GetDirectoryName(folder) ?? throw new FileNotFoundException("The tests run in a checkout that has Backprop.dib.");
        }

        return folder;
    }
}

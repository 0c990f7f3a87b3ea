using System.Globalization;

namespace Backprop.Bench;

/// <summary>Measures the memory of a process and its descendants.</summary>
internal static class ProcessTree
{
    /// <summary>Returns the proportional set size of a process and its descendants in MiB. Shared pages are counted once.</summary>
    public static double Memory(int root)
    {
        var children = Parents().ToLookup(pair => pair.Parent, pair => pair.Id);
        return MemoryOf(root);

        double MemoryOf(int id) => Pss(id) + children[id].Sum(MemoryOf);
    }

    private static IEnumerable<(int Id, int Parent)> Parents()
    {
        foreach (var folder in Directory.GetDirectories("/proc").Where(folder => char.IsDigit(Path.GetFileName(folder)[0])))
        {
            if (Value($"{folder}/status", "PPid:") is { } parent)
            {
                yield return (int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), (int)parent);
            }
        }
    }

    private static double Pss(int id) => (Value($"/proc/{id}/smaps_rollup", "Pss:") ?? 0) / 1024.0;

    private static long? Value(string file, string name)
    {
        try
        {
            var line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            return line is null ? null : long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

namespace Backprop.Tests.Runner.Documents;

/// <summary>The notebooks in <c>tests/data/notebooks</c>, each written by another program. Every one prints 42.</summary>
internal static class Samples
{
    private static readonly string Folder = TestData.Path("notebooks");

    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(Folder).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Ipynb => [.. Directory.EnumerateFiles(Folder, "*.ipynb").Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public static string Path(string name) => System.IO.Path.Combine(Folder, name);
}

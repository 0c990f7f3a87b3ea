using Backprop.Runner.Documents;

namespace Backprop.Tests.Hosts;

/// <summary>What the tests of the lesson in .NET Interactive share.</summary>
internal static class RealHosts
{
    /// <summary>The lesson as it is saved with its outputs.</summary>
    public static string Lesson { get; } = Path.Combine(TestData.Root, "Backprop.ipynb");

    /// <summary>The code cells of the lesson.</summary>
    public static IReadOnlyList<Cell> Cells { get; } = [.. NotebookFile.Read(Lesson).Cells.Where(cell => cell.Kind == CellKind.Code)];

    /// <summary>Leaves out what .NET Interactive shows of packages: which it installed, and from which file it loads an extension.</summary>
    public static IEnumerable<string> WithoutPackages(IEnumerable<string> shown) =>
        shown.Where(text => !text.Contains("Installed Packages", StringComparison.Ordinal) && !text.Contains("Installing Packages", StringComparison.Ordinal)
            && !text.Contains("Loading extensions from", StringComparison.Ordinal));
}

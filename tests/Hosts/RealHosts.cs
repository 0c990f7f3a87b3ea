using Backprop.Runner.Documents;

namespace Backprop.Tests.Hosts;

/// <summary>What the tests of the lesson in .NET Interactive share.</summary>
internal static class RealHosts
{
    private static readonly string[] Marks = ["Installed Packages", "Installing Packages", "Loading extensions from `", "id='dotnet-interactive-this-cell"];

    /// <summary>The lesson as it is saved with its outputs.</summary>
    public static string Lesson { get; } = Path.Combine(TestData.Root, "Backprop.ipynb");

    /// <summary>The code cells of the lesson.</summary>
    public static IReadOnlyList<Cell> Cells { get; } = [.. NotebookFile.Read(Lesson).Cells.Where(cell => cell.Kind == CellKind.Code)];

    /// <summary>
    /// Leaves out what .NET Interactive shows of itself: which packages it installed, from which file it loads an extension, and in Jupyter
    /// the script by which a page finds its web server.
    /// </summary>
    public static IEnumerable<string> WithoutItsOwn(IEnumerable<string> shown) =>
        shown.Where(text => !Marks.Any(mark => text.Contains(mark, StringComparison.Ordinal)));
}

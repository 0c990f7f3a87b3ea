using Backprop.Runner.Documents;

namespace Backprop.Tests.Hosts;

/// <summary>Shared parts of the tests of the lesson in .NET Interactive.</summary>
internal static class RealHosts
{
    private static readonly string[] Marks = ["Installed Packages", "Installing Packages", "Loading extensions from `", "id='dotnet-interactive-this-cell"];

    /// <summary>The path of the lesson with its saved outputs.</summary>
    public static string Lesson { get; } = Path.Combine(TestData.Root, "Backprop.ipynb");

    /// <summary>The code cells of the lesson.</summary>
    public static IReadOnlyList<Cell> Cells { get; } = [.. NotebookFile.Read(Lesson).Cells.Where(cell => cell.Kind == CellKind.Code)];

    /// <summary>
    /// Removes the outputs of .NET Interactive itself: the installed packages, the file of an extension and, in Jupyter, the script with
    /// which the page finds the web server.
    /// </summary>
    public static IEnumerable<string> WithoutHostOutputs(IEnumerable<string> shown) =>
        shown.Where(text => !Marks.Any(mark => text.Contains(mark, StringComparison.Ordinal)));
}

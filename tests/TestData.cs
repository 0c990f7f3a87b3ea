namespace Backprop.Tests;

/// <summary>The files that tests compare with.</summary>
internal static class TestData
{
    /// <summary>The folder of the checkout that holds the lesson.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>The path of a file in <c>tests/data</c>.</summary>
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "data", name);

    private static string FindRoot(string folder)
    {
        while (!File.Exists(System.IO.Path.Combine(folder, "Backprop.dib")))
        {
            folder = System.IO.Path.GetDirectoryName(folder) ?? throw new FileNotFoundException("The tests run in a checkout that has Backprop.dib.");
        }

        return folder;
    }
}

namespace Backprop.Tests;

/// <summary>Temporary folders that were the working directory of the tests.</summary>
/// <remarks>Processes that parallel tests started at that time still have them as their working directory, so they are deleted at the end.</remarks>
internal static class FormerWorkingDirectory
{
    private static readonly List<string> Folders = [];

    static FormerWorkingDirectory() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Folders.ForEach(Delete);

    /// <summary>Leaves a folder, which is deleted when the tests end.</summary>
    public static void Leave(string folder)
    {
        Directory.SetCurrentDirectory(AppContext.BaseDirectory);
        Folders.Add(folder);
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Windows keeps files that are still in use.
        }
    }
}

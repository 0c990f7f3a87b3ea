namespace Backprop.Runner.Jupyter.Installation;

/// <summary>A hidden folder beside a kernel's place in which the kernel is made, and which goes when it is disposed of.</summary>
/// <remarks>
/// Jupyter takes no notice of a folder without a kernel.json. An installation that was killed leaves its folder behind; the lock in
/// it goes with the process, so that the next installation knows and removes it.
/// </remarks>
internal sealed class Workshop : IDisposable
{
    private const string Lock = "lock";

    private readonly string folder;
    private readonly FileStream held;

    private Workshop(string folder)
    {
        this.folder = Directory.CreateDirectory(folder).FullName;
        held = HoldLockOf(folder);
    }

    /// <summary>Opens a folder for making a kernel, and removes those that installations of the same kernel have left behind.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static Workshop OpenFor(KernelPlace place)
    {
        var prefix = $".{place.Name}.installing-";
        Directory.CreateDirectory(place.Kernels);
        foreach (var left in Directory.GetDirectories(place.Kernels, prefix + "*"))
        {
            RemoveIfLeft(left);
        }

        return new Workshop(Path.Combine(place.Kernels, prefix + Path.GetRandomFileName()));
    }

    /// <summary>The path of something in the folder.</summary>
    public string PathOf(string name) => Path.Combine(folder, name);

    /// <summary>Makes a folder in it, if it is not there.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(PathOf(name)).FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        held.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static FileStream HoldLockOf(string folder) => new(Path.Combine(folder, Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    // What cannot be removed now, as where the SDK of the killed installation still writes, is left to the next one.
    private static void RemoveIfLeft(string folder)
    {
        try
        {
            HoldLockOf(folder).Dispose();
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}

namespace Backprop.Runner.Jupyter.Installation;

/// <summary>A hidden temporary folder next to a kernel's location, in which the kernel is built before it is moved there.</summary>
/// <remarks>
/// Jupyter ignores a folder without a kernel.json. An installation that is killed leaves its folder behind, but the lock on the file in
/// it ends with the process, so the next installation can tell that the folder is stale and removes it.
/// </remarks>
internal sealed class StagingFolder : IDisposable
{
    private const string LockFileName = "lock";

    private readonly string folder;
    private readonly FileStream lockFile;

    private StagingFolder(string folder)
    {
        this.folder = Directory.CreateDirectory(folder).FullName;
        lockFile = AcquireLock(folder);
    }

    /// <summary>Creates a folder, and removes stale ones of the same kernel.</summary>
    /// <exception cref="IOException">The folder cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    public static StagingFolder CreateFor(KernelLocation location)
    {
        var prefix = $".{location.Name}.installing-";
        Directory.CreateDirectory(location.KernelsFolder);
        foreach (var other in Directory.GetDirectories(location.KernelsFolder, prefix + "*"))
        {
            RemoveIfStale(other);
        }

        return new StagingFolder(Path.Combine(location.KernelsFolder, prefix + Path.GetRandomFileName()));
    }

    /// <summary>Returns the path of an entry.</summary>
    public string PathOf(string name) => Path.Combine(folder, name);

    /// <summary>Creates a subfolder.</summary>
    public string CreateFolder(string name) => Directory.CreateDirectory(PathOf(name)).FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        lockFile.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static FileStream AcquireLock(string folder) => new(Path.Combine(folder, LockFileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    // If the SDK of a killed installation is still writing, the next installation removes the folder.
    private static void RemoveIfStale(string folder)
    {
        try
        {
            AcquireLock(folder).Dispose();
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}

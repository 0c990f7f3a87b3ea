using Backprop.Runner.Platform;

namespace Backprop.Runner.Compiling;

/// <summary>The compilation cache: stores compiled submissions, so that running a notebook again does not compile it again.</summary>
/// <param name="folder">The folder of the cache. Its files are executed, so a folder that other users can write to is ignored.</param>
internal sealed class CompilationCache(string folder)
{
    private const int Capacity = 1000;
    private const UnixFileMode UserOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private bool isTrimmed;

    private bool IsPrivate => OperatingSystem.IsWindows() || (File.GetUnixFileMode(folder) & WritableByOthers) == 0;

    /// <summary>Returns the compiled submission for a key, or null on a cache miss.</summary>
    public SubmissionImage? Read(string key)
    {
        var path = PathOf(key);
        SubmissionImage? image = null;
        if (File.Exists(path))
        {
            Try(() => image = IsPrivate ? SubmissionImage.FromBytes(File.ReadAllBytes(path)) : null);
            Try(() => File.SetLastWriteTimeUtc(path, DateTime.UtcNow));
        }

        return image;
    }

    /// <summary>Stores a compiled submission if possible. The least recently used ones are evicted.</summary>
    public void Write(string key, SubmissionImage image) => Try(() =>
    {
        CreateFolder();
        Trim();
        AtomicFile.Write(PathOf(key), image.ToBytes());
    });

    // A cache that cannot be read or written only costs a compilation.
    private static void Try(Action access)
    {
        try
        {
            access();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private string PathOf(string key) => Path.Combine(folder, key);

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UserOnly);
        }
    }

    private void Trim()
    {
        if (isTrimmed)
        {
            return;
        }

        isTrimmed = true;
        foreach (var file in new DirectoryInfo(folder).GetFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(Capacity))
        {
            file.Delete();
        }
    }
}

namespace Backprop.Runner.Compiling;

/// <summary>Remembers what submissions were compiled to, so that a notebook run again needs no compiler.</summary>
/// <param name="folder">The folder of the files. They hold code that is run, so one that others can write is not used.</param>
internal sealed class SubmissionCache(string folder)
{
    private const int Capacity = 1000;
    private const UnixFileMode OnlyUser = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private bool isTidy;

    private bool IsPrivate => OperatingSystem.IsWindows() || (File.GetUnixFileMode(folder) & OthersWrite) == 0;

    /// <summary>What a submission was compiled to; null when that is not known.</summary>
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

    /// <summary>Remembers what a submission was compiled to, if that is possible; what was not used for longest is forgotten.</summary>
    public void Write(string key, SubmissionImage image) => Try(() =>
    {
        CreateFolder();
        Tidy();
        AtomicFile.Write(PathOf(key), image.ToBytes());
    });

    // What cannot be read or written is compiled, now or the next time.
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
            Directory.CreateDirectory(folder, OnlyUser);
        }
    }

    private void Tidy()
    {
        if (isTidy)
        {
            return;
        }

        isTidy = true;
        foreach (var file in new DirectoryInfo(folder).GetFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(Capacity))
        {
            file.Delete();
        }
    }
}

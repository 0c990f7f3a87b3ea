namespace Backprop.Runner.Jupyter.Installation;

/// <summary>A kernel's place among Jupyter's files.</summary>
/// <param name="Kernels">The folder that Jupyter looks for kernels in.</param>
/// <param name="Name">The kernel's name, in lower case, as Jupyter reads it.</param>
internal sealed record KernelPlace(string Kernels, string Name)
{
    /// <summary>The name that notebooks of .NET Interactive ask for.</summary>
    public const string DefaultName = ".net-csharp";

    /// <summary>The kernel's own folder.</summary>
    public string Folder => Path.Combine(Kernels, Name);

    /// <summary>The place of a kernel that is for this user.</summary>
    public static KernelPlace OfUser(string name) => In(DataOfUser(), name);

    /// <summary>The place of a kernel that is for all whose Jupyter has its files below a folder.</summary>
    public static KernelPlace InPrefix(string prefix, string name) => In(Path.Combine(prefix, "share", "jupyter"), name);

    private static KernelPlace In(string data, string name) => new(Path.GetFullPath(Path.Combine(data, "kernels")), name.ToLowerInvariant());

    // As 'jupyter --data-dir' prints it.
    private static string DataOfUser()
    {
        if (Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } chosen)
        {
            return chosen;
        }

        return OperatingSystem.IsWindows() ? Path.Combine(PathOf(Environment.SpecialFolder.ApplicationData), "jupyter")
            : OperatingSystem.IsMacOS() ? Path.Combine(PathOf(Environment.SpecialFolder.UserProfile), "Library", "Jupyter")
            : Path.Combine(PathOf(Environment.SpecialFolder.LocalApplicationData), "jupyter");
    }

    private static string PathOf(Environment.SpecialFolder folder) => Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);
}

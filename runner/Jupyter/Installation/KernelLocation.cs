namespace Backprop.Runner.Jupyter.Installation;

/// <summary>The location of a kernel in Jupyter's data folders.</summary>
/// <param name="KernelsFolder">The folder in which Jupyter looks for kernels.</param>
/// <param name="Name">The name of the kernel, in lower case as Jupyter treats it.</param>
internal sealed record KernelLocation(string KernelsFolder, string Name)
{
    /// <summary>The name in notebooks of .NET Interactive.</summary>
    public const string DefaultName = ".net-csharp";

    /// <summary>The folder of the kernel.</summary>
    public string Folder => Path.Combine(KernelsFolder, Name);

    /// <summary>Returns the location of a kernel for the current user.</summary>
    public static KernelLocation ForUser(string name) => In(UserDataFolder(), name);

    /// <summary>Returns the location of a kernel for all users of the Jupyter with an installation prefix.</summary>
    public static KernelLocation InPrefix(string prefix, string name) => In(Path.Combine(prefix, "share", "jupyter"), name);

    private static KernelLocation In(string dataFolder, string name) => new(Path.GetFullPath(Path.Combine(dataFolder, "kernels")), name.ToLowerInvariant());

    // As 'jupyter --data-dir' prints it.
    private static string UserDataFolder()
    {
        if (Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } configured)
        {
            return configured;
        }

        return OperatingSystem.IsWindows() ? Path.Combine(PathOf(Environment.SpecialFolder.ApplicationData), "jupyter")
            : OperatingSystem.IsMacOS() ? Path.Combine(PathOf(Environment.SpecialFolder.UserProfile), "Library", "Jupyter")
            : Path.Combine(PathOf(Environment.SpecialFolder.LocalApplicationData), "jupyter");
    }

    private static string PathOf(Environment.SpecialFolder folder) => Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);
}

namespace Backprop.Runner.Jupyter.Installation;

/// <summary>Installs the kernel, a complete copy of the runner, into Jupyter's folder, and removes it.</summary>
internal static class KernelInstallation
{
    /// <summary>Requires that the location is unused, or has a kernel that this program installed.</summary>
    /// <exception cref="JupyterException">The location has another program's kernel.</exception>
    public static void RequireAvailable(KernelLocation location)
    {
        if (Path.Exists(location.Folder) && !KernelSpec.IsOurs(location.Folder))
        {
            throw new JupyterException($"{NotOurs(location)} Install under another name (--name NAME), or remove the other kernel first (jupyter kernelspec uninstall {location.Name}).");
        }
    }

    /// <summary>Installs the kernel. An existing one is replaced only when the new one is complete.</summary>
    /// <exception cref="JupyterException">The kernel cannot be installed. An existing one is left unchanged.</exception>
    /// <exception cref="OperationCanceledException">The installation was cancelled. An existing kernel is left unchanged.</exception>
    public static async Task InstallAsync(KernelLocation location, CancellationToken cancellationToken)
    {
        try
        {
            using var staging = StagingFolder.CreateFor(location);
            var kernel = staging.CreateFolder("new");
            var artifacts = staging.CreateFolder("artifacts");
            await CreateAsync(kernel, artifacts, location, cancellationToken);
            Replace(location.Folder, kernel, staging.PathOf("old"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JupyterException($"{location.Folder}: the kernel cannot be installed: {e.Message}");
        }
    }

    /// <summary>Removes the kernel.</summary>
    /// <exception cref="JupyterException">There is no kernel, another program installed it, or it cannot be removed.</exception>
    public static void Uninstall(KernelLocation location)
    {
        if (!Path.Exists(location.Folder))
        {
            throw new JupyterException($"There is no kernel {location.Name} in {location.KernelsFolder}.");
        }

        if (!KernelSpec.IsOurs(location.Folder))
        {
            throw new JupyterException($"{NotOurs(location)} To remove it anyway: jupyter kernelspec uninstall {location.Name}");
        }

        try
        {
            Directory.Delete(location.Folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JupyterException($"{location.Folder}: the kernel cannot be removed: {e.Message}");
        }
    }

    private static async Task CreateAsync(string folder, string artifacts, KernelLocation location, CancellationToken cancellationToken)
    {
        const string program = "program";
        var spec = KernelSpec.Text(location.Name, Path.Combine(location.Folder, program, PublishedRunner.Assembly));
        await PublishedRunner.CreateAsync(Path.Combine(folder, program), artifacts, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, KernelSpec.FileName), spec, cancellationToken);
    }

    private static void Replace(string folder, string replacement, string old)
    {
        var replaces = Directory.Exists(folder);
        if (replaces)
        {
            Directory.Move(folder, old);
        }

        try
        {
            Directory.Move(replacement, folder);
        }
        catch when (replaces)
        {
            Directory.Move(old, folder);
            throw;
        }
    }

    private static string NotOurs(KernelLocation location) =>
        $"{location.Folder}: there is already a kernel with this name, which this program did not install. It was left unchanged.";
}

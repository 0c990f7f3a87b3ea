namespace Backprop.Runner.Jupyter.Installation;

/// <summary>Puts the kernel, a whole copy of the runner, among Jupyter's files, and takes it away again.</summary>
internal static class KernelInstallation
{
    /// <summary>Requires a place to be free for the kernel, or to have an older one of this program's.</summary>
    /// <exception cref="JupyterException">It has a kernel of another program.</exception>
    public static void RequireFree(KernelPlace place)
    {
        if (Path.Exists(place.Folder) && !KernelSpec.IsOurs(place.Folder))
        {
            throw new JupyterException($"{NotOurs(place)} Install under another name (--name NAME), or remove that one first (jupyter kernelspec uninstall {place.Name}).");
        }
    }

    /// <summary>Installs the kernel; whatever is in its place is replaced when the new kernel is whole.</summary>
    /// <exception cref="JupyterException">It cannot be installed; what was there before still is.</exception>
    /// <exception cref="OperationCanceledException">It was called off; what was there before still is.</exception>
    public static async Task InstallAsync(KernelPlace place, CancellationToken cancellationToken)
    {
        try
        {
            using var workshop = Workshop.OpenFor(place);
            var made = workshop.NewFolder("new");
            using (InstallProgress.Show(workshop.NewFolder("artifacts")))
            {
                await MakeAsync(made, workshop.NewFolder("artifacts"), place, cancellationToken);
            }

            Replace(place.Folder, made, workshop.PathOf("old"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JupyterException($"{place.Folder}: the kernel cannot be installed: {e.Message}");
        }
    }

    /// <summary>Removes the kernel.</summary>
    /// <exception cref="JupyterException">There is none, or it is not this program's, or it cannot be removed.</exception>
    public static void Uninstall(KernelPlace place)
    {
        if (!Path.Exists(place.Folder))
        {
            throw new JupyterException($"There is no kernel {place.Name} in {place.Kernels}.");
        }

        if (!KernelSpec.IsOurs(place.Folder))
        {
            throw new JupyterException($"{NotOurs(place)} Whoever wants to remove it can: jupyter kernelspec uninstall {place.Name}");
        }

        try
        {
            Directory.Delete(place.Folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JupyterException($"{place.Folder}: the kernel cannot be removed: {e.Message}");
        }
    }

    private static async Task MakeAsync(string folder, string artifacts, KernelPlace place, CancellationToken cancellationToken)
    {
        const string program = "program";
        var spec = KernelSpec.Text(place.Name, Path.Combine(place.Folder, program, PublishedRunner.Assembly));
        await PublishedRunner.MakeAsync(Path.Combine(folder, program), artifacts, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, KernelSpec.FileName), spec, cancellationToken);
    }

    private static void Replace(string folder, string made, string old)
    {
        var replaces = Directory.Exists(folder);
        if (replaces)
        {
            Directory.Move(folder, old);
        }

        try
        {
            Directory.Move(made, folder);
        }
        catch when (replaces)
        {
            Directory.Move(old, folder);
            throw;
        }
    }

    private static string NotOurs(KernelPlace place) =>
        $"{place.Folder}: there is already a kernel of this name, which this program did not install. It was left alone.";
}

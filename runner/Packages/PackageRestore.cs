using System.Text.RegularExpressions;
using System.Xml.Linq;
using Backprop.Runner.Platform;
using NuGet.ProjectModel;

namespace Backprop.Runner.Packages;

/// <summary>Restores packages with NuGet: the .NET SDK restores a temporary project, and NuGet's library reads the result.</summary>
internal static partial class PackageRestore
{
    private static string Framework => $"net{Environment.Version.Major}.0";

    /// <summary>Restores packages.</summary>
    /// <param name="requests">The packages.</param>
    /// <param name="notebookFolder">The folder where the search for NuGet's configuration starts.</param>
    /// <param name="platforms">The runtime identifiers to restore for.</param>
    /// <param name="packagesFolder">The folder to restore to; null for NuGet's global packages folder.</param>
    /// <param name="progress">Receives a line every few seconds while packages are restored.</param>
    /// <param name="cancellationToken">Cancels the restore.</param>
    /// <returns>The resolved packages for each runtime identifier.</returns>
    /// <exception cref="PackageException">The restore fails, or there is no SDK.</exception>
    public static async Task<IReadOnlyDictionary<string, ResolvedPackages>> RunAsync(
        IReadOnlyCollection<PackageRequest> requests,
        string notebookFolder,
        IReadOnlyCollection<string> platforms,
        string? packagesFolder,
        Action<string> progress,
        CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("notebook-restore-").FullName;
        try
        {
            var project = Project(requests, notebookFolder, platforms);
            if (packagesFolder is not null)
            {
                project.Add(new XElement("PropertyGroup", new XElement("RestorePackagesPath", packagesFolder), new XElement("RestoreFallbackFolders", "clear")));
            }

            WriteProject(folder, project);
            await RestoreAsync(folder, progress, cancellationToken);
            var restored = new LockFileFormat().Read(Path.Combine(folder, "obj", "project.assets.json"));
            return platforms.ToDictionary(platform => platform, platform => Read(restored, platform));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static XElement Project(IReadOnlyCollection<PackageRequest> requests, string notebookFolder, IReadOnlyCollection<string> platforms) =>
        new(
            "Project",
            new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement(
                "PropertyGroup",
                new XElement("TargetFramework", Framework),
                new XElement("RuntimeIdentifiers", string.Join(';', platforms)),
                new XElement("EnableAppHostPackDownload", "false"),
                new XElement("EnableRuntimePackDownload", "false"),
                // As in .NET Interactive, the requested version of a package wins over a newer one that another package needs.
                new XElement("NoWarn", "NU1605"),
                new XElement("RestoreRootConfigDirectory", notebookFolder)),
            new XElement(
                "ItemGroup",
                requests.Select(request => new XElement(
                    "PackageReference",
                    new XAttribute("Include", request.Id),
                    new XAttribute("Version", request.Version ?? "*")))));

    private static void WriteProject(string folder, XElement project)
    {
        project.Save(Path.Combine(folder, "Packages.csproj"));

        // Otherwise files with these names in a parent folder would apply.
        foreach (var name in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
        {
            new XElement("Project").Save(Path.Combine(folder, name));
        }
    }

    private static async Task RestoreAsync(string folder, Action<string> progress, CancellationToken cancellationToken)
    {
        try
        {
            using var reporting = new RestoreProgress(progress);
            var (exitCode, log) = await DotnetSdk.RunAsync(folder, ["restore", "--verbosity", "quiet"], cancellationToken);
            if (exitCode != 0)
            {
                throw new PackageException(Explain(log));
            }
        }
        catch (MissingSdkException e)
        {
            throw new PackageException($"#r \"nuget:…\" needs the .NET SDK, but {e.Message}. Install the SDK, add it to the PATH, or set {PackageFolder.Variable} to a folder that has the packages.");
        }
    }

    private static string Explain(string log)
    {
        var errors = RestoreError().Matches(log).Select(match => $"{match.Groups["code"].Value}: {match.Groups["text"].Value.Trim()}").Distinct().ToList();
        return errors.Count > 0 ? string.Join('\n', errors) : $"The packages could not be restored:\n{log.Trim()}";
    }

    private static ResolvedPackages Read(LockFile restored, string platform)
    {
        var target = restored.Targets.Single(target => target.RuntimeIdentifier == platform);
        var folders = restored.PackageFolders.Select(folder => folder.Path).ToList();
        return new ResolvedPackages(
            [.. target.Libraries.Select(library => $"{library.Name} {library.Version}")],
            [.. Files(library => library.RuntimeAssemblies).Where(path => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))],
            [.. Files(library => library.NativeLibraries).Select(path => Path.GetDirectoryName(path)!).Distinct()],
            [.. target.Libraries.SelectMany(Extensions)]);

        IEnumerable<string> Files(Func<LockFileTargetLibrary, IEnumerable<LockFileItem>> items) =>
            from library in target.Libraries
            from item in items(library)
            where Path.GetFileName(item.Path) != "_._"
            select PathOf(library, item.Path);

        IEnumerable<string> Extensions(LockFileTargetLibrary library) =>
            from file in restored.GetLibrary(library.Name, library.Version).Files
            where Extension().IsMatch(file)
            select PathOf(library, file);

        string PathOf(LockFileTargetLibrary library, string file)
        {
            var package = restored.GetLibrary(library.Name, library.Version).Path;
            return folders.Select(folder => Path.GetFullPath(Path.Combine(folder, package, file))).First(File.Exists);
        }
    }

    [GeneratedRegex(@"^interactive-extensions/dotnet/([^/]+\.dll|extension\.dib)$", RegexOptions.IgnoreCase)]
    private static partial Regex Extension();

    [GeneratedRegex(@"error (?<code>[A-Z]+\d+)\s*: (?<text>.*?)(\[[^\[\]]*proj\])?\r?$", RegexOptions.Multiline)]
    private static partial Regex RestoreError();
}

using System.Text.RegularExpressions;
using System.Xml.Linq;
using NuGet.ProjectModel;

namespace Backprop.Runner.Packages;

/// <summary>Restores packages with NuGet itself: the .NET SDK restores a project made for them, and NuGet's library reads the outcome.</summary>
internal static partial class PackageRestore
{
    private static string Framework => $"net{Environment.Version.Major}.0";

    /// <summary>Restores packages.</summary>
    /// <param name="requests">The packages.</param>
    /// <param name="notebookFolder">Where NuGet's settings are looked for.</param>
    /// <param name="systems">The runtime identifiers of the systems that they are for.</param>
    /// <param name="packagesFolder">Where they are put; null for NuGet's own folder.</param>
    /// <param name="cancellationToken">Ends the restore.</param>
    /// <returns>For each system what came of it.</returns>
    /// <exception cref="PackageException">NuGet, or the SDK, refused.</exception>
    public static async Task<IReadOnlyDictionary<string, ResolvedPackages>> RunAsync(
        IReadOnlyCollection<PackageRequest> requests,
        string notebookFolder,
        IReadOnlyCollection<string> systems,
        string? packagesFolder,
        CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("notebook-restore-").FullName;
        try
        {
            var project = Project(requests, notebookFolder, systems);
            if (packagesFolder is not null)
            {
                project.Add(new XElement("PropertyGroup", new XElement("RestorePackagesPath", packagesFolder), new XElement("RestoreFallbackFolders", "clear")));
            }

            WriteProject(folder, project);
            await RestoreAsync(folder, cancellationToken);
            var restored = new LockFileFormat().Read(Path.Combine(folder, "obj", "project.assets.json"));
            return systems.ToDictionary(system => system, system => Read(restored, system));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static XElement Project(IReadOnlyCollection<PackageRequest> requests, string notebookFolder, IReadOnlyCollection<string> systems) =>
        new(
            "Project",
            new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement(
                "PropertyGroup",
                new XElement("TargetFramework", Framework),
                new XElement("RuntimeIdentifiers", string.Join(';', systems)),
                new XElement("EnableAppHostPackDownload", "false"),
                new XElement("EnableRuntimePackDownload", "false"),
                // A package that a later one needs newer stays as it was asked for, as in .NET Interactive.
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

        // Files of these names in a folder above would otherwise have their say.
        foreach (var name in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
        {
            new XElement("Project").Save(Path.Combine(folder, name));
        }
    }

    private static async Task RestoreAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            var (exitCode, log) = await DotnetSdk.RunAsync(folder, ["restore", "--verbosity", "quiet"], cancellationToken);
            if (exitCode != 0)
            {
                throw new PackageException(Explain(log));
            }
        }
        catch (MissingSdkException e)
        {
            throw new PackageException($"#r \"nuget:…\" needs the .NET SDK, and {e.Message}. Install the SDK, put it on the PATH, or set {PackageFolder.Variable} to a folder that has the packages.");
        }
    }

    private static string Explain(string log)
    {
        var errors = RestoreError().Matches(log).Select(match => $"{match.Groups["code"].Value}: {match.Groups["text"].Value.Trim()}").Distinct().ToList();
        return errors.Count > 0 ? string.Join('\n', errors) : $"The packages could not be restored:\n{log.Trim()}";
    }

    private static ResolvedPackages Read(LockFile restored, string system)
    {
        var target = restored.Targets.Single(target => target.RuntimeIdentifier == system);
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
            select Found(library, item.Path);

        IEnumerable<string> Extensions(LockFileTargetLibrary library) =>
            from file in restored.GetLibrary(library.Name, library.Version).Files
            where Extension().IsMatch(file)
            select Found(library, file);

        string Found(LockFileTargetLibrary library, string file)
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

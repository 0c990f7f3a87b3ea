using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;

namespace Backprop.Runner.Compiling;

/// <summary>Loads the assemblies of submissions, and the assemblies that those reference.</summary>
internal sealed class SubmissionAssemblies
{
    private readonly AssemblyLoadContext context;
    private readonly Dictionary<string, Assembly> submissions = [];
    private readonly ConcurrentDictionary<string, string> paths = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Lazy<Assembly>> loaded = [];

    public SubmissionAssemblies() => context = NewContext("notebook", folder: null);

    /// <summary>Registers an assembly, which is loaded on first use.</summary>
    /// <param name="name">The simple name.</param>
    /// <param name="path">The path.</param>
    public void Register(string name, string path) => paths[name] = path;

    /// <summary>Loads an assembly, or the one already registered under the same name.</summary>
    /// <param name="path">The path.</param>
    public Assembly LoadRegistered(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        paths.TryAdd(name, path);
        return Resolve(name, folder: null)!;
    }

    /// <summary>Loads a submission.</summary>
    /// <returns>
    /// A function that runs the submission and returns its value. Its argument holds the instances of the earlier submissions by
    /// number, from 1, and the submission adds its own.
    /// </returns>
    public Func<object?[], Task<object?>> Load(CompiledSubmission submission)
    {
        foreach (var (name, path) in submission.Assemblies)
        {
            Register(name, path);
        }

        if (submission.Image.Assembly.Length == 0)
        {
            return _ => Task.FromResult<object?>(null);
        }

        // A submission that was interrupted and runs again is already loaded.
        if (!submissions.TryGetValue(submission.Compilation.AssemblyName, out var assembly))
        {
            using var image = new MemoryStream(submission.Image.Assembly);
            using var symbols = new MemoryStream(submission.Image.Symbols);
            submissions[submission.Compilation.AssemblyName] = assembly = context.LoadFromStream(image, symbols);
        }

        return assembly
            .GetType(submission.Compilation.TypeName, throwOnError: true)!
            .GetMethod("<Factory>", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .CreateDelegate<Func<object?[], Task<object?>>>();
    }

    // Each file gets its own context, so that two versions of an assembly can be loaded, each with the assemblies next to it.
    private AssemblyLoadContext NewContext(string name, string? folder)
    {
        var created = new AssemblyLoadContext(name);
        created.Resolving += (_, requested) => Resolve(requested.Name!, folder);
        return created;
    }

    private Assembly? Resolve(string name, string? folder)
    {
        var neighbor = folder is null ? null : Path.Combine(folder, name + ".dll");
        var path = File.Exists(neighbor) ? neighbor : paths.GetValueOrDefault(name);
        return path is null ? null : loaded.GetOrAdd(path, _ => new Lazy<Assembly>(() => Load(path))).Value;
    }

    private Assembly Load(string path) => NewContext(path, Path.GetDirectoryName(path)).LoadFromAssemblyPath(path);
}

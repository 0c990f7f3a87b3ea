using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;

namespace Backprop.Runner.Compiling;

/// <summary>Loads submissions, and the assemblies that they use and the program does not have.</summary>
internal sealed class SubmissionAssemblies
{
    private readonly AssemblyLoadContext context;
    private readonly Dictionary<string, Assembly> submissions = [];
    private readonly ConcurrentDictionary<string, string> paths = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Lazy<Assembly>> loaded = [];

    public SubmissionAssemblies() => context = NewContext("notebook", folder: null);

    /// <summary>Makes an assembly known.</summary>
    /// <param name="name">Its simple name.</param>
    /// <param name="path">Its file, which is loaded when something uses it.</param>
    public void Know(string name, string path) => paths[name] = path;

    /// <summary>Loads an assembly, or the one of its name that is known already.</summary>
    /// <param name="path">Its file.</param>
    public Assembly LoadKnown(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        paths.TryAdd(name, path);
        return Resolve(name, folder: null)!;
    }

    /// <summary>Loads a submission.</summary>
    /// <returns>
    /// Runs it, and gives its value. What it is given are the submissions before it, by their numbers from 1, and it puts itself there.
    /// </returns>
    public Func<object?[], Task<object?>> Load(CompiledSubmission submission)
    {
        foreach (var (name, path) in submission.Assemblies)
        {
            Know(name, path);
        }

        if (submission.Image.Assembly.Length == 0)
        {
            return _ => Task.FromResult<object?>(null);
        }

        // One that was interrupted and did not end is there already when it is run again.
        if (!submissions.TryGetValue(submission.Compilation.AssemblyName, out var assembly))
        {
            using var image = new MemoryStream(submission.Image.Assembly);
            submissions[submission.Compilation.AssemblyName] = assembly = context.LoadFromStream(image);
        }

        return assembly
            .GetType(submission.Compilation.TypeName, throwOnError: true)!
            .GetMethod("<Factory>", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .CreateDelegate<Func<object?[], Task<object?>>>();
    }

    // Every file has a context of its own, so that two versions of an assembly can be there, each with what lies beside it.
    private AssemblyLoadContext NewContext(string name, string? folder)
    {
        var made = new AssemblyLoadContext(name);
        made.Resolving += (_, wanted) => Resolve(wanted.Name!, folder);
        return made;
    }

    private Assembly? Resolve(string name, string? folder)
    {
        var beside = folder is null ? null : Path.Combine(folder, name + ".dll");
        var path = File.Exists(beside) ? beside : paths.GetValueOrDefault(name);
        return path is null ? null : loaded.GetOrAdd(path, _ => new Lazy<Assembly>(() => Load(path))).Value;
    }

    private Assembly Load(string path) => NewContext(path, Path.GetDirectoryName(path)).LoadFromAssemblyPath(path);
}

using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Backprop.Runner.Packages;

/// <summary>Lets assemblies from packages find the native libraries of those packages.</summary>
internal static class NativeLibraries
{
    private static readonly ConcurrentDictionary<string, bool> Folders = new();
    private static readonly ConcurrentDictionary<AssemblyLoadContext, bool> HandledContexts = new();
    private static readonly string[] Suffixes = OperatingSystem.IsWindows() ? ["", ".dll"] : OperatingSystem.IsMacOS() ? ["", ".dylib"] : ["", ".so"];
    private static readonly string[] Prefixes = OperatingSystem.IsWindows() ? [""] : ["", "lib"];

    static NativeLibraries() =>
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => Handle(AssemblyLoadContext.GetLoadContext(loaded.LoadedAssembly));

    /// <summary>Registers the native libraries of packages.</summary>
    public static void Register(ResolvedPackages packages)
    {
        foreach (var folder in packages.NativeFolders)
        {
            Folders.TryAdd(folder, true);
        }
    }

    private static void Handle(AssemblyLoadContext? context)
    {
        if (context is not null && HandledContexts.TryAdd(context, true))
        {
            context.ResolvingUnmanagedDll += Find;
        }
    }

    private static IntPtr Find(Assembly assembly, string name)
    {
        var files =
            from folder in Folders.Keys
            from prefix in Prefixes
            from suffix in Suffixes
            select Path.Combine(folder, prefix + name + suffix);
        return files.Where(File.Exists).Select(file => NativeLibrary.TryLoad(file, out var library) ? library : IntPtr.Zero)
            .FirstOrDefault(library => library != IntPtr.Zero);
    }
}

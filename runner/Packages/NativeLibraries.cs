using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Backprop.Runner.Packages;

/// <summary>Lets assemblies from packages find the native libraries that came with them.</summary>
internal static class NativeLibraries
{
    private static readonly ConcurrentDictionary<string, bool> Folders = new();
    private static readonly ConcurrentDictionary<AssemblyLoadContext, bool> Served = new();
    private static readonly string[] Suffixes = OperatingSystem.IsWindows() ? ["", ".dll"] : OperatingSystem.IsMacOS() ? ["", ".dylib"] : ["", ".so"];
    private static readonly string[] Prefixes = OperatingSystem.IsWindows() ? [""] : ["", "lib"];

    static NativeLibraries() =>
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => Serve(AssemblyLoadContext.GetLoadContext(loaded.LoadedAssembly));

    /// <summary>Makes the native libraries of packages known.</summary>
    public static void Serve(ResolvedPackages packages)
    {
        foreach (var folder in packages.NativeFolders)
        {
            Folders.TryAdd(folder, true);
        }
    }

    private static void Serve(AssemblyLoadContext? context)
    {
        if (context is not null && Served.TryAdd(context, true))
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

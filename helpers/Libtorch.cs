#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchSharp;

/// <summary>Loads libtorch, the native library that does TorchSharp's work.</summary>
/// <remarks>
/// On Linux TorchSharp asks for the C++ library of GCC 13 or newer, which Debian 12, Ubuntu 22.04 and RHEL 9 do not have,
/// for the sake of one symbol that nothing calls. Where it is missing, a copy that can do without it is loaded instead.
/// Windows and macOS are left to TorchSharp's own loader.
/// </remarks>
public static class Libtorch
{
    /// <summary>The version of libtorch that TorchSharp 0.107.0 is made for. (TorchSharp knows it too, but tells only once libtorch is loaded.)</summary>
    public const string Version = "2.10.0";

    private const string TorchSharpLibrary = "libLibTorchSharp.so";
    private const string NewestVersion = "GLIBCXX_3.4.32";
    private const string UncalledSymbol = "_ZSt21ios_base_library_initv";
    private const string WhereItWorks =
        "The lesson runs on 64-bit Linux for x86-64 with glibc (Debian 12, Ubuntu 22.04, Fedora, RHEL 9 or newer), on Windows x64 and on macOS arm64.";

    private static readonly object Loading = new();
    private static bool loaded;

    /// <summary>Loads libtorch, once; to be called before the first tensor is made.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no libtorch for this system, or the system lacks more than one unused symbol.</exception>
    /// <exception cref="FileNotFoundException">The packages of libtorch are not there.</exception>
    /// <exception cref="UnauthorizedAccessException">The cache folder belongs to somebody else.</exception>
    public static void Load()
    {
        lock (Loading)
        {
            if (!loaded && OperatingSystem.IsLinux())
            {
                RequireSupported(RuntimeInformation.RuntimeIdentifier);
                LoadFrom(NativeFolders().ToList());
            }

            loaded = true;
        }
    }

    /// <summary>Makes sure that libtorch exists for a Linux system.</summary>
    /// <param name="runtimeIdentifier">The system's name in .NET, such as <c>linux-x64</c> or <c>linux-musl-arm64</c>.</param>
    /// <exception cref="PlatformNotSupportedException">It does not.</exception>
    public static void RequireSupported(string runtimeIdentifier)
    {
        if (!runtimeIdentifier.EndsWith("-x64", StringComparison.Ordinal)
            || runtimeIdentifier.Contains("musl", StringComparison.Ordinal)
            || runtimeIdentifier.StartsWith("alpine", StringComparison.Ordinal))
        {
            throw new PlatformNotSupportedException($"There is no libtorch package for {runtimeIdentifier}. {WhereItWorks}");
        }
    }

    /// <summary>The library in a form that loads where the newest version of its C++ library is missing.</summary>
    /// <param name="library">The bytes of libLibTorchSharp.so.</param>
    /// <exception cref="PlatformNotSupportedException">The library calls something of that version.</exception>
    public static byte[] WithoutNewestVersion(byte[] library)
    {
        var versions = new SymbolVersions(library);
        var missing = versions.SymbolsOf(NewestVersion).Where(symbol => symbol != UncalledSymbol).ToList();
        return missing.Count == 0
            ? versions.WithOptional(NewestVersion)
            : throw new PlatformNotSupportedException(
                $"This system's libstdc++ is too old for {TorchSharpLibrary}: it lacks {string.Join(", ", missing)} of {NewestVersion}. Install libstdc++ of GCC 13 or newer. {WhereItWorks}");
    }

    /// <summary>A file with the given content in a folder that only this user can write, made when it is not there.</summary>
    /// <param name="folder">The folder; made, and closed to others, when need be.</param>
    /// <param name="name">The name of the file.</param>
    /// <param name="content">What it holds.</param>
    /// <returns>The path of the file.</returns>
    /// <exception cref="UnauthorizedAccessException">The folder belongs to somebody else.</exception>
    public static string Cached(string folder, string name, byte[] content)
    {
        Directory.CreateDirectory(folder);
        CloseToOthers(folder);
        var path = Path.Combine(folder, name);
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
        {
            // Renamed into place, so that no other process ever loads half of it.
            var temporary = Path.Combine(folder, Path.GetRandomFileName());
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, path, overwrite: true);
        }

        return path;
    }

    private static void LoadFrom(IReadOnlyCollection<string> folders)
    {
        NativeLibrary.Load(Find("libtorch_cpu.so", folders));
        NativeLibrary.Load(Find("libtorch.so", folders));
        var original = Find(TorchSharpLibrary, folders);
        if (!NativeLibrary.TryLoad(original, out _))
        {
            var library = File.ReadAllBytes(original);
            var name = $"libLibTorchSharp-{Convert.ToHexString(SHA256.HashData(library))}.so";
            NativeLibrary.Load(Cached(CacheFolder(), name, WithoutNewestVersion(library)));
        }
    }

    private static string Find(string file, IReadOnlyCollection<string> folders) =>
        folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException(
            $"{file} is in none of these folders: {string.Join(", ", folders)}. Reference the package TorchSharp-cpu, and restore it.", file);

    // A build lists its native folders; a notebook's assemblies lie in NuGet's folder, beside those of the other packages.
    private static IEnumerable<string> NativeFolders()
    {
        var listed = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var torchSharp = Path.GetFullPath(Path.Combine(typeof(torch).Assembly.Location, "..", "..", ".."));
        var packages = Path.GetFullPath(Path.Combine(torchSharp, "..", ".."));
        var libtorch = Path.Combine(packages, "libtorch-cpu-linux-x64", Version);
        return listed.Concat(new[] { torchSharp, libtorch }.Select(package => Path.Combine(package, "runtimes", "linux-x64", "native")));
    }

    private static string CacheFolder()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        return Path.Combine(
            Path.IsPathRooted(cache) ? cache : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "backprop");
    }

    // Only a folder's owner can set its mode, so this also fails for a folder that somebody else has laid there.
    private static void CloseToOthers(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new UnauthorizedAccessException($"The cache folder {folder} is not yours alone: {e.Message} Remove it, or set XDG_CACHE_HOME to a folder of your own.", e);
        }
    }
}

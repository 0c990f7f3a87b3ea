#nullable enable annotations
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using TorchSharp;

/// <summary>Loads libtorch, the native library that does TorchSharp's work.</summary>
/// <remarks>
/// TorchSharp 0.107.0 for Linux asks for a C++ library as new as GCC 13's, which Debian 12 and Ubuntu 22.04 do not have,
/// for the sake of one symbol that nothing calls. Where it is missing, a copy of TorchSharp's library is loaded
/// in which that request is weak (see <see cref="SymbolVersions"/>). TorchSharp then finds what is loaded by its name.
/// </remarks>
public static class Libtorch
{
    /// <summary>The version of libtorch that TorchSharp 0.107.0 is made for. (TorchSharp knows it too, but tells only once libtorch is loaded.)</summary>
    public const string Version = "2.10.0";

    private const string TorchSharpLibrary = "libLibTorchSharp.so";
    private const string NewestVersion = "GLIBCXX_3.4.32";
    private const string UncalledSymbol = "_ZSt21ios_base_library_initv";
    private const string WhereItWorks =
        "The lesson runs on Linux for x86-64 with glibc 2.34 and the libstdc++ of GCC 12, or newer (such as Debian 12 and Ubuntu 22.04), "
        + "on Windows for x64 and on macOS for arm64: take one of these, or a container of one, such as .NET's own SDK image.";

    private static readonly object Loading = new();
    private static bool loaded;

    /// <summary>
    /// Loads libtorch, once; to be called before anything else of TorchSharp. On Windows and macOS this does nothing:
    /// TorchSharp's own loader does it there, at its first use.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">There is no libtorch for this system, or its system libraries are too old.</exception>
    /// <exception cref="FileNotFoundException">The packages that hold libtorch are not there.</exception>
    /// <exception cref="IOException">The user's cache folder can be written by others, or not by the user, or no library may be loaded from it.</exception>
    public static void Load()
    {
        lock (Loading)
        {
            if (!loaded && OperatingSystem.IsLinux())
            {
                var hasGlibc = NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "gnu_get_libc_version", out _);
                RequireSupported(RuntimeInformation.ProcessArchitecture, hasGlibc);
                var folders = NativeFolders(
                    AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "", typeof(torch).Assembly.Location);
                NativeLibrary.Load(Find("libtorch_cpu.so", folders));
                NativeLibrary.Load(Find("libtorch.so", folders));
                LoadTorchSharp(Find(TorchSharpLibrary, folders));
            }

            loaded = true;
        }
    }

    /// <summary>Makes sure that there is a libtorch for a Linux system.</summary>
    /// <exception cref="PlatformNotSupportedException">There is none.</exception>
    public static void RequireSupported(Architecture architecture, bool hasGlibc)
    {
        if (architecture != Architecture.X64 || !hasGlibc)
        {
            throw new PlatformNotSupportedException(
                $"There is no libtorch package for Linux on {architecture}{(hasGlibc ? "" : " without glibc")}. {WhereItWorks}");
        }
    }

    /// <summary>Where libtorch may lie: the folders listed for a compiled program, then those of NuGet's packages, from which a script loads TorchSharp.</summary>
    /// <param name="listed">The program's folders of native libraries, as the host lists them.</param>
    /// <param name="torchSharp">The path of TorchSharp.dll; in NuGet's layout <c>…/torchsharp/0.107.0/lib/net8.0/TorchSharp.dll</c>.</param>
    public static IReadOnlyList<string> NativeFolders(string listed, string torchSharp)
    {
        var package = Path.GetFullPath(Path.Combine(torchSharp, "..", "..", ".."));
        var libtorch = Path.GetFullPath(Path.Combine(package, "..", "..", "libtorch-cpu-linux-x64", Version));
        return
        [
            .. listed.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
            .. new[] { package, libtorch }.Select(root => Path.Combine(root, "runtimes", "linux-x64", "native")),
        ];
    }

    /// <summary>TorchSharp's library in a form that loads where the newest version of the C++ library is missing.</summary>
    /// <param name="library">The bytes of libLibTorchSharp.so.</param>
    /// <exception cref="PlatformNotSupportedException">The library calls something of that version.</exception>
    /// <exception cref="InvalidDataException">The library is cut off or damaged.</exception>
    public static byte[] WithoutNewestVersion(byte[] library)
    {
        var versions = new SymbolVersions(library);
        var called = versions.SymbolsOf(NewestVersion).Where(symbol => symbol != UncalledSymbol).ToList();
        return called.Count == 0
            ? versions.WithWeak(NewestVersion)
            : throw new PlatformNotSupportedException(
                $"This system's libstdc++ has no {NewestVersion}, and {TorchSharpLibrary} calls {string.Join(", ", called)} of it. {WhereItWorks}");
    }

    // The system's loader says whether the version is missing: it knows which libstdc++ it has taken, and from where.
    [SupportedOSPlatform("linux")]
    private static void LoadTorchSharp(string path)
    {
        var failure = TryLoad(path);
        if (failure?.Contains(NewestVersion, StringComparison.Ordinal) == true)
        {
            var library = File.ReadAllBytes(path);
            var name = $"{Path.GetFileNameWithoutExtension(path)}-{Convert.ToHexStringLower(SHA256.HashData(library))}.so";
            failure = TryLoad(UserCache.Keep(UserCache.Folder, name, WithoutNewestVersion(library)));
            if (failure?.Contains("failed to map segment", StringComparison.Ordinal) == true)
            {
                throw new IOException($"{failure}. Its file system seems to be mounted 'noexec': set XDG_CACHE_HOME to a folder of your own on another one.");
            }
        }

        if (failure is not null)
        {
            throw new PlatformNotSupportedException($"{TorchSharpLibrary} does not load on this system: {failure}. {WhereItWorks}");
        }
    }

    private static string? TryLoad(string path)
    {
        try
        {
            NativeLibrary.Load(path);
            return null;
        }
        catch (DllNotFoundException e)
        {
            return e.Message.TrimEnd().Split('\n')[^1];
        }
    }

    private static string Find(string file, IReadOnlyList<string> folders) =>
        folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException(
            $"{file} is in none of these folders: {string.Join(", ", folders)}. Reference the package TorchSharp-cpu (in a notebook: #r \"nuget: TorchSharp-cpu\" with its version), and restore it.", file);
}

#nullable enable annotations
using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using TorchSharp;

/// <summary>Loads libtorch, the native library that does TorchSharp's work.</summary>
/// <remarks>
/// TorchSharp 0.107.0 for Linux asks for a C++ library as new as GCC 13's, which Debian 12 and Ubuntu 22.04 do not have,
/// for the sake of one symbol that nothing calls. Where it is missing, a copy in memory is loaded in which that version is optional.
/// </remarks>
public static class Libtorch
{
    /// <summary>The version of libtorch that TorchSharp 0.107.0 is made for. (TorchSharp knows it too, but tells only once libtorch is loaded.)</summary>
    public const string Version = "2.10.0";

    /// <summary>The SHA-256 of TorchSharp 0.107.0's library for Linux, the only one that <see cref="WithOptionalVersion"/> changes.</summary>
    public const string TorchSharpHash = "CF33B1B0BB6BBB9754A768FB5C5D04D9F498603BE50E73F55621A0B40EE608B8";

    /// <summary>
    /// Where that library asks for GLIBCXX_3.4.32: the field <c>vna_flags</c> of the request, in which <c>VER_FLG_WEAK</c>, 2, makes it optional.
    /// Layout: Linux Standard Base 5.0, Core, 10.7.4, "Version Requirements".
    /// </summary>
    public const int VersionFlags = 260660;

    private const string WhereItWorks =
        "The lesson runs on Linux for x86-64 with glibc 2.34 and the libstdc++ of GCC 12, or newer (such as Debian 12 and Ubuntu 22.04), "
        + "on Windows for x64 and on macOS for arm64: take one of these, or a container of one, such as .NET's own SDK image.";

    private static readonly object Loading = new object();
    private static bool loaded;

    /// <summary>
    /// Loads libtorch, once; to be called before anything else of TorchSharp. On Windows and macOS this does nothing:
    /// TorchSharp's own loader does it there, at its first use.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">There is no libtorch for this system, or its system libraries are too old.</exception>
    /// <exception cref="FileNotFoundException">The packages that hold libtorch are not there.</exception>
    public static void Load()
    {
        lock (Loading)
        {
            if (!loaded && OperatingSystem.IsLinux())
            {
                RequireSupported(RuntimeInformation.ProcessArchitecture, NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "gnu_get_libc_version", out _));
                var folders = NativeFolders(AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "", typeof(torch).Assembly.Location);
                NativeLibrary.Load(Find("libtorch_cpu.so", folders));
                NativeLibrary.Load(Find("libtorch.so", folders));
                LoadTorchSharp(Find("libLibTorchSharp.so", folders));
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
            throw new PlatformNotSupportedException("There is no libtorch package for Linux on " + architecture + (hasGlibc ? ". " : " without glibc. ") + WhereItWorks);
        }
    }

    /// <summary>Where libtorch may lie: the folders listed for a compiled program, then those of the packages from which a script loads TorchSharp.</summary>
    /// <param name="listed">The program's folders of native libraries, as the host lists them.</param>
    /// <param name="torchSharp">
    /// The path of TorchSharp.dll: <c>…/torchsharp/0.107.0/lib/net8.0/TorchSharp.dll</c> among NuGet's packages,
    /// <c>…/TorchSharp/0.107.0/TorchSharp.dll</c> where Verso unpacks them.
    /// </param>
    public static string[] NativeFolders(string listed, string torchSharp)
    {
        var nuget = Path.GetFullPath(Path.Combine(torchSharp, "..", "..", ".."));
        var verso = Path.GetFullPath(Path.Combine(torchSharp, ".."));
        var libtorch = Path.Combine("..", "..", "libtorch-cpu-linux-x64", Version);
        var inPackage = Path.Combine("runtimes", "linux-x64", "native");
        var folders = string.Join(
            Path.PathSeparator, listed, Path.Combine(nuget, inPackage), Path.Combine(nuget, libtorch, inPackage), Path.Combine(verso, "native"), Path.Combine(verso, libtorch, "native"));
        return folders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>TorchSharp's library in a form that loads where GLIBCXX_3.4.32 is missing; null for a library whose layout is not known.</summary>
    /// <param name="library">The bytes of libLibTorchSharp.so.</param>
    public static byte[]? WithOptionalVersion(byte[] library)
    {
        if (Convert.ToHexString(SHA256.HashData(library)) != TorchSharpHash)
        {
            return null;
        }

        library = (byte[])library.Clone();
        library[VersionFlags] = 2;
        return library;
    }

    // The system's loader says whether the version is missing: it knows which libstdc++ it has taken, and from where.
    [SupportedOSPlatform("linux")]
    private static void LoadTorchSharp(string path)
    {
        try
        {
            NativeLibrary.Load(path);
        }
        catch (DllNotFoundException e)
        {
            if (!e.Message.Contains("GLIBCXX_3.4.32", StringComparison.Ordinal) || WithOptionalVersion(File.ReadAllBytes(path)) is not { } library)
            {
                var lines = e.Message.TrimEnd().Split('\n');
                throw new PlatformNotSupportedException("libLibTorchSharp.so does not load on this system: " + lines[lines.Length - 1] + ". " + WhereItWorks);
            }

            LoadFromMemory(library);
        }
    }

    // TorchSharp finds what is loaded by the name that the library has inside.
    [SupportedOSPlatform("linux")]
    private static void LoadFromMemory(byte[] library)
    {
        var descriptor = CreateMemoryFile("libLibTorchSharp.so", 0);
        using var file = new SafeFileHandle((IntPtr)descriptor, ownsHandle: true);
        RandomAccess.Write(file, library, 0);
        NativeLibrary.Load("/proc/self/fd/" + descriptor);
    }

    [DllImport("libc", EntryPoint = "memfd_create", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int CreateMemoryFile([MarshalAs(UnmanagedType.LPStr)] string name, uint flags);

    private static string Find(string file, string[] folders)
    {
        foreach (var folder in folders)
        {
            if (File.Exists(Path.Combine(folder, file)))
            {
                return Path.Combine(folder, file);
            }
        }

        throw new FileNotFoundException(
            file + " is in none of these folders: " + string.Join(", ", folders) + ". Reference the package TorchSharp-cpu (in a notebook: #r \"nuget: TorchSharp-cpu\" with its version), and restore it.", file);
    }
}

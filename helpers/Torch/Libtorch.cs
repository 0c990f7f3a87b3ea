#nullable enable annotations
using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using TorchSharp;

/// <summary>Loads libtorch, the native library behind TorchSharp.</summary>
/// <remarks>
/// TorchSharp 0.107.0 for Linux requires the libstdc++ of GCC 13 because of one symbol that nothing calls, and Debian 12 and
/// Ubuntu 22.04 have an older one. On such systems this loads a copy from memory in which the requirement is optional.
/// </remarks>
public static class Libtorch
{
    /// <summary>The version of libtorch that TorchSharp 0.107.0 uses. (TorchSharp itself reports it only after libtorch is loaded.)</summary>
    public const string Version = "2.10.0";

    /// <summary>The SHA-256 hash of TorchSharp 0.107.0's library for Linux, the only one that <see cref="WithOptionalVersion"/> changes.</summary>
    public const string TorchSharpHash = "CF33B1B0BB6BBB9754A768FB5C5D04D9F498603BE50E73F55621A0B40EE608B8";

    /// <summary>
    /// The offset of the field <c>vna_flags</c> in that library's requirement of GLIBCXX_3.4.32. <c>VER_FLG_WEAK</c>, 2, makes it optional.
    /// Layout: Linux Standard Base 5.0, Core, 10.7.4, "Version Requirements".
    /// </summary>
    public const int VersionFlags = 260660;

    private const string WhereItWorks =
        "The lesson runs on Linux for x86-64 with glibc 2.34 and the libstdc++ of GCC 12, or newer (such as Debian 12 and Ubuntu 22.04), "
        + "on Windows for x64 and on macOS for arm64: take one of these, or a container of one, such as .NET's own SDK image.";

    private static readonly object Loading = new object();
    private static bool loaded;

    /// <summary>
    /// Loads libtorch once. Must be called before anything else in TorchSharp. Does nothing on Windows and macOS, where TorchSharp's own
    /// loader works.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">There is no libtorch for this platform, or its system libraries are too old.</exception>
    /// <exception cref="FileNotFoundException">The packages with libtorch are missing.</exception>
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

    /// <summary>Requires that there is a libtorch for a Linux system.</summary>
    /// <exception cref="PlatformNotSupportedException">There is none.</exception>
    public static void RequireSupported(Architecture architecture, bool hasGlibc)
    {
        if (architecture != Architecture.X64 || !hasGlibc)
        {
            throw new PlatformNotSupportedException("There is no libtorch package for Linux on " + architecture + (hasGlibc ? ". " : " without glibc. ") + WhereItWorks);
        }
    }

    /// <summary>Returns the folders that may contain libtorch: those of a compiled program, then those of the packages from which a script loads TorchSharp.</summary>
    /// <param name="listed">The program's folders of native libraries, as listed by the host.</param>
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

    /// <summary>Returns a copy of TorchSharp's library that loads without GLIBCXX_3.4.32, or null for a library with an unknown layout.</summary>
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

    // Only the dynamic linker knows which libstdc++ it uses, so its error tells whether the version is missing.
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

    // TorchSharp finds a loaded library by its SONAME.
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

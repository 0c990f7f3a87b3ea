#nullable enable annotations
using System;
using System.Buffers.Binary;
using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

/// <summary>Files that are made once for each user of a Linux system and kept, in a folder that nobody else can write.</summary>
/// <remarks>Native code is loaded from here, so whoever can write the folder can run what they like as this user.</remarks>
[SupportedOSPlatform("linux")]
public static class UserCache
{
    private const UnixFileMode OnlyUser = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>The project's folder in the user's cache, as the XDG Base Directory Specification places it, https://specifications.freedesktop.org/basedir-spec/latest/.</summary>
    public static string Folder
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
            return Path.Combine(Path.IsPathRooted(cache) ? cache : Path.Combine(home, ".cache"), "backprop");
        }
    }

    /// <summary>The path of a file with the given content, made when it is not there; any number of processes may ask at once.</summary>
    /// <param name="folder">The folder it lies in; made when it is not there.</param>
    /// <param name="name">The name of the file.</param>
    /// <param name="content">What it holds; a file that holds anything else is replaced.</param>
    /// <exception cref="IOException">The folder belongs to somebody else, others can write it, or this user cannot.</exception>
    public static string Keep(string folder, string name, byte[] content)
    {
        try
        {
            Directory.CreateDirectory(folder, OnlyUser);
            RequirePrivate(folder);
            var path = Path.Combine(folder, name);
            if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
            {
                Replace(path, content);
            }

            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The cache folder {folder} cannot be used. {e.Message} Put that right, or set XDG_CACHE_HOME to a folder of your own.", e);
        }
    }

    // A rename is atomic: no other process ever sees half a file, and one that has the old file loaded keeps it.
    private static void Replace(string path, byte[] content)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void RequirePrivate(string folder)
    {
        var (owner, user) = (Owner(folder), EffectiveUser());
        if (owner != user)
        {
            throw new IOException($"It belongs to user {owner}, and you are user {user}.");
        }

        if ((File.GetUnixFileMode(folder) & OthersWrite) != 0)
        {
            throw new IOException("Others can write it.");
        }
    }

    // .NET tells a file's mode but not its owner. statx(2) fills a structure that is laid out alike on every architecture, with the owner at byte 20.
    private static uint Owner(string path)
    {
        const int CurrentFolder = -100;
        const uint OwnerWanted = 0x8;
        var status = new byte[256];
        return FileStatus(CurrentFolder, path, 0, OwnerWanted, status) == 0
            ? BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(20))
            : throw new IOException($"Its owner cannot be told: {new Win32Exception().Message}.");
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int FileStatus(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint wanted, [Out] byte[] status);

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint EffectiveUser();
}

using System.Formats.Tar;
using System.Text;

namespace Backprop.Runner.Platform;

/// <summary>Writes files atomically: a reader sees the old content or the new, never a part of it.</summary>
internal static class AtomicFile
{
    /// <summary>Writes text as UTF-8.</summary>
    /// <inheritdoc cref="Write(string, byte[])"/>
    public static void Write(string path, string text) => Write(path, new UTF8Encoding(false).GetBytes(text));

    /// <summary>
    /// Writes a temporary file in the same folder and renames it. A symbolic link stays, and its target is replaced; a replaced
    /// file keeps its permissions.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written. An existing file is left unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied. An existing file is left unchanged.</exception>
    public static void Write(string path, byte[] content)
    {
        var target = TargetOf(path);
        var temporary = TemporaryIn(Directory.CreateDirectory(Path.GetDirectoryName(target)!).FullName);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew))
            {
                CopyPermissions(target, temporary);
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Checks, as far as that is possible in advance, that a file can be written. Leaves no trace.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public static void RequireWritable(string path)
    {
        var folder = Path.GetDirectoryName(TargetOf(path))!;
        while (!Path.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        new FileStream(TemporaryIn(folder), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
    }

    private static string TargetOf(string path)
    {
        var file = new FileInfo(path);
        var target = file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        return Path.GetDirectoryName(target) == "/dev" ? throw new IOException($"it points to the device {target}, which a file cannot replace.")
            : Directory.Exists(target) ? throw new IOException("it is a folder.")
            : IsRegularFileOrMissing(target) ? target
            : throw new IOException("it is a pipe or a device, which a file cannot replace.");
    }

    // Opening a pipe may block forever, and TarWriter is the framework's one public API that tells the type of a file without opening it.
    // Anything with a length is a regular file.
    private static bool IsRegularFileOrMissing(string path)
    {
        if (OperatingSystem.IsWindows() || new FileInfo(path) is { Exists: false } or { Length: > 0 })
        {
            return true;
        }

        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            writer.WriteEntry(path, "entry");
        }

        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry()?.EntryType == TarEntryType.RegularFile;
    }

    // Not derived from the file's name, which may already have the maximum length.
    private static string TemporaryIn(string folder) => Path.Combine(folder, $".{Path.GetRandomFileName()}.tmp");

    private static void CopyPermissions(string replaced, string replacement)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(replaced))
        {
            File.SetUnixFileMode(replacement, File.GetUnixFileMode(replaced));
        }
    }
}

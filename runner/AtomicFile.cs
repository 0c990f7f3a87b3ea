using System.Formats.Tar;
using System.Text;

namespace Backprop.Runner;

/// <summary>Files that are there whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a text in UTF-8.</summary>
    /// <inheritdoc cref="Write(string, byte[])"/>
    public static void Write(string path, string text) => Write(path, new UTF8Encoding(false).GetBytes(text));

    /// <summary>
    /// Writes a file beside its place and moves it there, so that a reader, or a failure, never meets half of it.
    /// Where the path is a link, the file it leads to is replaced and the link stays; the rights of a file that is replaced stay.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; what was there before is untouched.</exception>
    public static void Write(string path, byte[] content)
    {
        var place = PlaceOf(path);
        var temporary = TemporaryIn(Directory.CreateDirectory(Path.GetDirectoryName(place)!).FullName);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew))
            {
                KeepRights(place, temporary);
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, place, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Finds out whether a file may be written, as far as that can be known before; nothing is left behind.</summary>
    /// <exception cref="IOException">It cannot be.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static void RequireWritable(string path)
    {
        var folder = Path.GetDirectoryName(PlaceOf(path))!;
        while (!Path.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        new FileStream(TemporaryIn(folder), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
    }

    private static string PlaceOf(string path)
    {
        var file = new FileInfo(path);
        var place = file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        return Path.GetDirectoryName(place) == "/dev" ? throw new IOException($"it leads to the device {place}, which no file can replace.")
            : Directory.Exists(place) ? throw new IOException("it is a folder.")
            : IsFileOrFree(place) ? place
            : throw new IOException("it is a pipe or a device, which no file can replace.");
    }

    // Opening a pipe may wait for ever. The framework has one way of asking for what lies somewhere: an archive, which writes it down.
    // Whatever has bytes is a file.
    private static bool IsFileOrFree(string place)
    {
        if (OperatingSystem.IsWindows() || new FileInfo(place) is { Exists: false } or { Length: > 0 })
        {
            return true;
        }

        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            writer.WriteEntry(place, "entry");
        }

        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry()?.EntryType == TarEntryType.RegularFile;
    }

    // A name of its own length: that of the file may be as long as a name can be.
    private static string TemporaryIn(string folder) => Path.Combine(folder, $".{Path.GetRandomFileName()}.tmp");

    private static void KeepRights(string replaced, string replacement)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(replaced))
        {
            File.SetUnixFileMode(replacement, File.GetUnixFileMode(replaced));
        }
    }
}

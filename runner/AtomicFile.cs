using System.Text;

namespace Backprop.Runner;

/// <summary>Files that are there whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes a UTF-8 text beside its place and moves it there, so that a reader, or a failure, never meets half of it.
    /// Where the path is a link, the file it leads to is replaced and the link stays; the rights of a file that is replaced stay.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; what was there before is untouched.</exception>
    public static void Write(string path, string text)
    {
        var file = new FileInfo(path);
        var place = file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        var folder = Path.GetDirectoryName(place)!;
        if (folder == "/dev")
        {
            throw new IOException($"it leads to the device {place}, which no file can replace.");
        }

        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(place)}.{Path.GetRandomFileName()}");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew))
            {
                KeepRights(place, temporary);
                stream.Write(new UTF8Encoding(false).GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, place, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void KeepRights(string replaced, string replacement)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(replaced))
        {
            File.SetUnixFileMode(replacement, File.GetUnixFileMode(replaced));
        }
    }
}

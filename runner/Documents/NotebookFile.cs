using System.Text;

namespace Backprop.Runner.Documents;

/// <summary>Finds and reads notebook files.</summary>
public static class NotebookFile
{
    /// <summary>Reads a notebook in the format given by the file's extension, .dib or .ipynb.</summary>
    /// <exception cref="NotebookException">There is no such file, or it is not a readable notebook.</exception>
    public static Notebook Read(string path)
    {
        try
        {
            return FormatOf(path)(File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true)));
        }
        catch (NotebookException e)
        {
            throw new NotebookException($"{path}: {e.Message}", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new NotebookException($"{path}: there is no such file. Give the path of a .dib or .ipynb file.", e);
        }
        catch (DecoderFallbackException e)
        {
            throw new NotebookException($"{path}: the file is not UTF-8 text. Save it as UTF-8.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NotebookException($"{path}: the file cannot be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// Finds the only notebook in a folder. A .dib and an .ipynb file of the same name count as one notebook, with the .dib as its source.
    /// </summary>
    /// <returns>The path of the notebook.</returns>
    /// <exception cref="NotebookException">The folder has no notebook, or more than one.</exception>
    public static string FindIn(string folder)
    {
        var notebooks = Directory.EnumerateFiles(folder)
            .Where(path => Path.GetExtension(path).ToLowerInvariant() is ".dib" or ".ipynb")
            .GroupBy(path => Path.GetFileNameWithoutExtension(path))
            .Select(files => files.Order(StringComparer.OrdinalIgnoreCase).First())
            .Order(StringComparer.Ordinal)
            .ToList();
        return notebooks switch
        {
            [var only] => only,
            [] => throw new NotebookException($"{folder}: there is no .dib or .ipynb file here. Give the path of a notebook."),
            _ => throw new NotebookException(
                $"{folder}: there are {notebooks.Count} notebooks here ({string.Join(", ", notebooks.Select(Path.GetFileName))}). Give the path of the one to run."),
        };
    }

    private static Func<string, Notebook> FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".dib" => DibFormat.Read,
        ".ipynb" => IpynbFormat.Read,
        _ => throw new NotebookException("this is not a notebook. Give a file whose name ends in .dib or .ipynb."),
    };
}

using Backprop.Runner.Documents;

namespace Backprop.Runner.Reports;

/// <summary>Where a run is written to.</summary>
/// <param name="Notebook">The path of the notebook with its outputs; null for none.</param>
/// <param name="Html">The path of the report; null for none.</param>
/// <param name="Source">The path of the notebook that is run.</param>
internal sealed record ReportPaths(string? Notebook, string? Html, string Source)
{
    /// <summary>The paths asked for, or else both of them in the folder <c>out</c>.</summary>
    /// <exception cref="NotebookException">A path is not of its kind.</exception>
    public static ReportPaths From(string? notebook, string? html, string source)
    {
        if (notebook is null && html is null)
        {
            var name = Path.Combine("out", Path.GetFileNameWithoutExtension(source));
            return new ReportPaths(Path.GetFullPath(name + ".ipynb"), Path.GetFullPath(name + ".html"), source);
        }

        return new ReportPaths(Checked(notebook, "--output", ".ipynb"), Checked(html, "--html", ".html"), source);
    }

    /// <summary>Finds out before a run whether its files can be written, as far as that can be known.</summary>
    /// <exception cref="NotebookException">A file cannot be written.</exception>
    public void RequireWritable() => Each(AtomicFile.RequireWritable);

    /// <summary>Writes what came of a run.</summary>
    /// <exception cref="NotebookException">A file cannot be written; what was there before is untouched, and the other file is written.</exception>
    public void Write(Notebook notebook, IReadOnlyList<ExecutedCell> cells, IReadOnlyList<string> packages) =>
        Each(path => AtomicFile.Write(
            path,
            path == Notebook
                ? IpynbFormat.Write(notebook, cells)
                : HtmlReport.Write(Path.GetFileNameWithoutExtension(Source), cells, packages, WayToSource(path))));

    /// <summary>Where a run that did not come to its end is written to, so that what a whole run wrote stays as it is.</summary>
    public ReportPaths Partial => this with { Notebook = PartialOf(Notebook), Html = PartialOf(Html) };

    /// <summary>Removes what a run that did not come to its end has left.</summary>
    public void Delete()
    {
        foreach (var path in Written.Where(File.Exists))
        {
            File.Delete(path);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(" and ", Written.Select(path => Path.GetRelativePath(".", path)));

    private IEnumerable<string> Written => new[] { Notebook, Html }.OfType<string>();

    private static string? PartialOf(string? path) =>
        path is null ? null : Path.ChangeExtension(path, ".partial" + Path.GetExtension(path));

    // As links write it, where '#' and '%' have a meaning of their own.
    private string WayToSource(string report)
    {
        var way = Path.GetRelativePath(Path.GetDirectoryName(report)!, Path.GetDirectoryName(Source)!);
        return string.Join('/', way.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
    }

    private void Each(Action<string> action)
    {
        var failures = new List<string>();
        foreach (var path in Written)
        {
            try
            {
                action(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failures.Add($"{path}: the file cannot be written: {e.Message}");
            }
        }

        if (failures.Count > 0)
        {
            throw new NotebookException(string.Join('\n', failures));
        }
    }

    private static string? Checked(string? path, string option, string extension)
    {
        if (path is not null && !path.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
        {
            throw new NotebookException($"{option} {path}: the name must end in {extension}.");
        }

        return path is null ? null : Path.GetFullPath(path);
    }
}

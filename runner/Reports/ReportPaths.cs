using Backprop.Runner.Documents;
using Backprop.Runner.Platform;

namespace Backprop.Runner.Reports;

/// <summary>The files that a run writes.</summary>
/// <param name="Notebook">The path of the notebook with its outputs; null for none.</param>
/// <param name="Html">The path of the report; null for none.</param>
/// <param name="Source">The path of the notebook being run.</param>
internal sealed record ReportPaths(string? Notebook, string? Html, string Source)
{
    /// <summary>Returns the given paths or, if there are none, both in the folder <c>out</c>.</summary>
    /// <exception cref="NotebookException">A path has the wrong extension.</exception>
    public static ReportPaths From(string? notebook, string? html, string source)
    {
        if (notebook is null && html is null)
        {
            var name = Path.Combine("out", Path.GetFileNameWithoutExtension(source));
            return new ReportPaths(Path.GetFullPath(name + ".ipynb"), Path.GetFullPath(name + ".html"), source);
        }

        return new ReportPaths(Validated(notebook, "--output", ".ipynb"), Validated(html, "--html", ".html"), source);
    }

    /// <summary>Checks before a run, as far as possible, that the files can be written.</summary>
    /// <exception cref="NotebookException">A file cannot be written.</exception>
    public void RequireWritable() => ForEach(AtomicFile.RequireWritable);

    /// <summary>Starts to render the HTML report of a run; returns null when none is to be written.</summary>
    public HtmlReport? Page(Notebook notebook) =>
        Html is null ? null : new HtmlReport(Path.GetFileNameWithoutExtension(Source), notebook.Cells, PathToSource(Html));

    /// <summary>Writes the files.</summary>
    /// <param name="notebook">The notebook.</param>
    /// <param name="page">Its HTML report, from <see cref="Page"/>.</param>
    /// <param name="cells">All its cells with their outputs.</param>
    /// <param name="packages">The names and versions of the packages that it used.</param>
    /// <exception cref="NotebookException">A file cannot be written. Its old version is left unchanged, and the other file is written.</exception>
    public void Write(Notebook notebook, HtmlReport? page, IReadOnlyList<ExecutedCell> cells, IReadOnlyList<string> packages) =>
        ForEach(path => AtomicFile.Write(path, path == Notebook ? IpynbFormat.Write(notebook, cells) : page!.Write(cells, packages)));

    /// <summary>The files for a run that does not finish, so that those of an earlier, complete run are kept.</summary>
    public ReportPaths Partial => this with { Notebook = PartialOf(Notebook), Html = PartialOf(Html) };

    /// <summary>Deletes the files if they exist.</summary>
    public void Delete()
    {
        foreach (var path in Paths.Where(File.Exists))
        {
            File.Delete(path);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(" and ", Paths.Select(path => Path.GetRelativePath(".", path)));

    private IEnumerable<string> Paths => new[] { Notebook, Html }.OfType<string>();

    private static string? PartialOf(string? path) =>
        path is null ? null : Path.ChangeExtension(path, ".partial" + Path.GetExtension(path));

    // As a URL, in which characters such as '#' and '%' are escaped.
    private string PathToSource(string report)
    {
        var path = Path.GetRelativePath(Path.GetDirectoryName(report)!, Path.GetDirectoryName(Source)!);
        return string.Join('/', path.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
    }

    private void ForEach(Action<string> action)
    {
        var failures = new List<string>();
        foreach (var path in Paths)
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

    private static string? Validated(string? path, string option, string extension)
    {
        if (path is not null && !path.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
        {
            throw new NotebookException($"{option} {path}: the name must end in {extension}.");
        }

        return path is null ? null : Path.GetFullPath(path);
    }
}

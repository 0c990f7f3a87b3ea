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

    /// <summary>Writes what came of a run.</summary>
    /// <exception cref="NotebookException">A file cannot be written; what was there before is untouched.</exception>
    public void Write(Notebook notebook, IReadOnlyList<ExecutedCell> cells, IReadOnlyList<string> packages)
    {
        Write(Notebook, () => IpynbFormat.Write(notebook, cells));
        Write(Html, () => HtmlReport.Write(Path.GetFileNameWithoutExtension(Source), cells, packages, WayToSource(Html!)));
    }

    /// <summary>Where a run that did not come to its end is written to, so that what a whole run wrote stays as it is.</summary>
    public ReportPaths Partial => this with { Notebook = PartialOf(Notebook), Html = PartialOf(Html) };

    /// <summary>Removes what a run that did not come to its end has left.</summary>
    public void Delete()
    {
        foreach (var path in Written)
        {
            File.Delete(path);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(" and ", Written.Select(path => Path.GetRelativePath(".", path)));

    private IEnumerable<string> Written => new[] { Notebook, Html }.OfType<string>();

    private static string? PartialOf(string? path) =>
        path is null ? null : Path.ChangeExtension(path, ".partial" + Path.GetExtension(path));

    private string WayToSource(string report) =>
        Path.GetRelativePath(Path.GetDirectoryName(report)!, Path.GetDirectoryName(Source)!).Replace('\\', '/');

    private static void Write(string? path, Func<string> text)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            AtomicFile.Write(path, text());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NotebookException($"{path}: the file cannot be written: {e.Message}", e);
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

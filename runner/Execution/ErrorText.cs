using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Backprop.Runner.Outputs;
using Microsoft.CodeAnalysis;

namespace Backprop.Runner.Execution;

/// <summary>Formats errors for the reader of a notebook: what went wrong, and where in the notebook.</summary>
internal static class ErrorText
{
    /// <summary>Formats the compile errors of a cell and the files it loads.</summary>
    public static ErrorOutput Of(IReadOnlyCollection<Diagnostic> errors, string workingDirectory) =>
        new(
            "CompilationError",
            string.Join('\n', errors.Select(error => $"{error.Id}: {error.GetMessage(CultureInfo.InvariantCulture)}")),
            [.. errors.Where(error => error.Location.IsInSource).Select(error => LocationOf(error, workingDirectory)).Distinct()]);

    /// <summary>Formats an exception that a cell threw.</summary>
    public static ErrorOutput Of(Exception exception, string workingDirectory) =>
        new(
            exception.GetType().FullName ?? exception.GetType().Name,
            MessageOf(exception),
            [.. TracebackOf(exception, workingDirectory)]);

    private static IEnumerable<string> TracebackOf(Exception exception, string workingDirectory)
    {
        var locations = new StackTrace(exception, fNeedFileInfo: true).GetFrames().Select(frame => LocationOf(frame, workingDirectory)).OfType<string>();
        return exception.InnerException is { } cause
            ? [.. locations, $"caused by {cause.GetType()}: {MessageOf(cause)}", .. TracebackOf(cause, workingDirectory)]
            : locations;
    }

    // libtorch appends its C++ stack to a message, dozens of lines that say nothing about the notebook.
    private static string MessageOf(Exception exception) =>
        exception is ExternalException ? exception.Message.Split("\nException raised from ")[0] : exception.Message;

    private static string LocationOf(Diagnostic error, string workingDirectory)
    {
        var span = error.Location.GetMappedLineSpan();
        var source = error.Location.SourceTree!.GetText().Lines[error.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim();
        return $"at {Relative(span.Path, workingDirectory)}, line {span.StartLinePosition.Line + 1}: {source}";
    }

    // The notebook's own code has no assembly file; libraries and the runner have one.
    private static string? LocationOf(StackFrame frame, string workingDirectory) =>
        frame.GetFileName() is { } file && frame.GetMethod() is { Module.Assembly.Location: "" } method
            ? $"at {NameOf(method)}{Relative(file, workingDirectory)}, line {frame.GetFileLineNumber()}"
            : null;

    // The top level of a cell is a compiler-generated method whose name means nothing to the reader.
    private static string NameOf(MethodBase method) => method.Name is "MoveNext" or "<Initialize>" ? "" : $"{method.Name} in ";

    private static string Relative(string path, string workingDirectory) =>
        Path.IsPathRooted(path) ? Path.GetRelativePath(workingDirectory, path).Replace('\\', '/') : path;
}

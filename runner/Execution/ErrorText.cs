using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Backprop.Runner.Outputs;
using Microsoft.CodeAnalysis;

namespace Backprop.Runner.Execution;

/// <summary>Failures as their reader wants them: what went wrong, and where in the notebook.</summary>
internal static class ErrorText
{
    /// <summary>A cell, or a file it loads, that does not compile.</summary>
    public static ErrorOutput Of(IReadOnlyCollection<Diagnostic> errors, string workingDirectory) =>
        new(
            "CompilationError",
            string.Join('\n', errors.Select(error => $"{error.Id}: {error.GetMessage(CultureInfo.InvariantCulture)}")),
            [.. errors.Where(error => error.Location.IsInSource).Select(error => PlaceOf(error, workingDirectory)).Distinct()]);

    /// <summary>A cell that threw.</summary>
    public static ErrorOutput Of(Exception exception, string workingDirectory) =>
        new(
            exception.GetType().FullName ?? exception.GetType().Name,
            MessageOf(exception),
            [.. TraceOf(exception, workingDirectory)]);

    private static IEnumerable<string> TraceOf(Exception exception, string workingDirectory)
    {
        var places = new StackTrace(exception, fNeedFileInfo: true).GetFrames().Select(frame => PlaceOf(frame, workingDirectory)).OfType<string>();
        return exception.InnerException is { } cause
            ? [.. places, $"because of {cause.GetType()}: {MessageOf(cause)}", .. TraceOf(cause, workingDirectory)]
            : places;
    }

    // libtorch adds the frames of its C++ code to a message, dozens of lines that say nothing of the notebook.
    private static string MessageOf(Exception exception) =>
        exception is ExternalException ? exception.Message.Split("\nException raised from ")[0] : exception.Message;

    private static string PlaceOf(Diagnostic error, string workingDirectory)
    {
        var span = error.Location.GetMappedLineSpan();
        var source = error.Location.SourceTree!.GetText().Lines[error.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim();
        return $"at {Relative(span.Path, workingDirectory)}, line {span.StartLinePosition.Line + 1}: {source}";
    }

    // The notebook's own code was compiled into memory; libraries, and the runner, lie in files.
    private static string? PlaceOf(StackFrame frame, string workingDirectory) =>
        frame.GetFileName() is { } file && frame.GetMethod() is { Module.Assembly.Location: "" } method
            ? $"at {NameOf(method)}{Relative(file, workingDirectory)}, line {frame.GetFileLineNumber()}"
            : null;

    // The top level of a cell is a compiler-made method whose name says nothing to the reader.
    private static string NameOf(MethodBase method) => method.Name is "MoveNext" or "<Initialize>" ? "" : $"{method.Name} in ";

    private static string Relative(string path, string workingDirectory) =>
        Path.IsPathRooted(path) ? Path.GetRelativePath(workingDirectory, path).Replace('\\', '/') : path;
}

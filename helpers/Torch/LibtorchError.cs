#nullable enable annotations
using System;

/// <summary>What libtorch says of an error.</summary>
public static class LibtorchError
{
    /// <summary>The message without the C++ frames and the remarks on where it arose that follow it.</summary>
    public static string FirstLine(string message)
    {
        var end = message.IndexOf("\nException raised from ", StringComparison.Ordinal);
        return (end < 0 ? message : message.Substring(0, end)).TrimEnd();
    }
}

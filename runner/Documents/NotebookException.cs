namespace Backprop.Runner.Documents;

/// <summary>A notebook cannot be read or run as it stands; the message says what, where and what to do.</summary>
public sealed class NotebookException : Exception
{
    /// <summary>Makes the exception without a message.</summary>
    public NotebookException()
    {
    }

    /// <summary>Makes the exception with its message.</summary>
    public NotebookException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its message and cause.</summary>
    public NotebookException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

namespace Backprop.Runner.Documents;

/// <summary>Thrown when a notebook cannot be read, run or written. The message says what is wrong, where, and what to do.</summary>
public sealed class NotebookException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public NotebookException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public NotebookException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public NotebookException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

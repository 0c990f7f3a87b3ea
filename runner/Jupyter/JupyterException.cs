namespace Backprop.Runner.Jupyter;

/// <summary>Something about Jupyter cannot be done; the message says what, and what to do.</summary>
internal sealed class JupyterException(string message) : Exception(message);

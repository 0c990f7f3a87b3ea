namespace Backprop.Runner.Jupyter;

/// <summary>Thrown when the kernel cannot be started, installed or removed. The message says why, and what to do.</summary>
internal sealed class JupyterException(string message) : Exception(message);

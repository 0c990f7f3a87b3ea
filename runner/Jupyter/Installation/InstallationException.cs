namespace Backprop.Runner.Jupyter.Installation;

/// <summary>The kernel cannot be installed or removed, and what was there before is untouched; the message says why and what to do.</summary>
internal sealed class InstallationException(string message) : Exception(message);

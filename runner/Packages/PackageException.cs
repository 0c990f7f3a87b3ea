namespace Backprop.Runner.Packages;

/// <summary>Packages cannot be had; the message says which and why.</summary>
internal sealed class PackageException(string message) : Exception(message);

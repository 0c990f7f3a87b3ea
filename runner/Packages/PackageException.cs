namespace Backprop.Runner.Packages;

/// <summary>Thrown when packages cannot be resolved. The message says which and why.</summary>
internal sealed class PackageException(string message) : Exception(message);

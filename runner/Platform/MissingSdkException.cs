namespace Backprop.Runner.Platform;

/// <summary>Thrown when there is no .NET SDK. The message says why, as a clause for the caller's own sentence.</summary>
internal sealed class MissingSdkException(string message) : Exception(message);

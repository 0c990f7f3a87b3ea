namespace Backprop.Runner.Jupyter;

/// <summary>Thrown for a message that is invalid or cannot be handled.</summary>
internal sealed class InvalidMessageException(string message) : Exception(message);

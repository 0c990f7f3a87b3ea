namespace Backprop.Runner.Jupyter;

/// <summary>A message that is none of Jupyter's, or not one that can be answered; the message of the exception says why.</summary>
internal sealed class InvalidMessageException(string message) : Exception(message);

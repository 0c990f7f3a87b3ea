namespace Backprop.Runner;

/// <summary>There is no .NET SDK; the message says what there is, as a part of a sentence.</summary>
internal sealed class MissingSdkException(string message) : Exception(message);

namespace Backprop.Tests;

/// <summary>The tests that measure, or that change settings of the whole process. They run after all others.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

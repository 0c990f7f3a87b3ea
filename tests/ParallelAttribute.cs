using System.Runtime.CompilerServices;
using Xunit.v3;

namespace Backprop.Tests;

/// <summary>A class of tests that only start and observe other processes. It runs in parallel with the others.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ParallelAttribute([CallerFilePath] string file = "") : Attribute, ICollectionAttribute
{
    /// <summary>The name of the class's own collection.</summary>
    public string Name { get; } = Path.GetFileNameWithoutExtension(file);

    /// <inheritdoc/>
    public Type? Type => null;
}

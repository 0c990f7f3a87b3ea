using System.Runtime.CompilerServices;

namespace Backprop.Tests;

/// <summary>A test that takes long or repeats in another host what a faster test covers. It runs in the full scope, see <see cref="TestScope"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FullScopeTheoryAttribute : TheoryAttribute
{
    /// <summary>Marks the test.</summary>
    public FullScopeTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = TestScope.ReasonToSkip;
}

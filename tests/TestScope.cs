namespace Backprop.Tests;

/// <summary>How much is tested: what a change needs at once, or everything, where the environment variable <c>BACKPROP_TESTS</c> is <c>all</c>.</summary>
internal static class TestScope
{
    /// <summary>Whether everything is tested.</summary>
    public static bool IsWhole { get; } = Environment.GetEnvironmentVariable("BACKPROP_TESTS") == "all";
}

namespace Backprop.Tests;

/// <summary>The scope of the tests: the quick selection, or everything if the environment variable <c>BACKPROP_TESTS</c> is <c>all</c>.</summary>
internal static class TestScope
{
    /// <summary>Whether everything is tested.</summary>
    public static bool IsWhole { get; } = Environment.GetEnvironmentVariable("BACKPROP_TESTS") == "all";
}

namespace Backprop.Tests;

/// <summary>Which tests run: those that take minutes in all and cover every part, or, with the environment variable <c>BACKPROP_TESTS</c> set to <c>all</c>, every test.</summary>
internal static class TestScope
{
    /// <summary>Whether every test runs.</summary>
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("BACKPROP_TESTS") == "all";

    /// <summary>Why a test of the full scope is skipped; null where it runs.</summary>
    public static string? ReasonToSkip { get; } = IsFull ? null : "It takes long. It runs with BACKPROP_TESTS=all.";
}

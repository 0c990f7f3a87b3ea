namespace Backprop.Tests.Runner;

/// <summary>The .NET SDK, for tests that restore packages or publish programs. They skip where there is only the runtime.</summary>
internal static class Sdk
{
    /// <summary>The <c>dotnet</c> executable: the one that started the tests, or else the one on the PATH.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Whether the SDK is installed.</summary>
    public static bool IsInstalled { get; } =
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is not null || DotnetFolders().Any(folder => Directory.Exists(Path.Combine(folder, "sdk")));

    /// <summary>Skips the current test if the SDK is missing.</summary>
    public static void Require() => Assert.SkipUnless(IsInstalled, "The .NET SDK, which restores packages and publishes programs, is not on the PATH.");

    private static IEnumerable<string> DotnetFolders() =>
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        let program = new FileInfo(Path.Combine(folder, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"))
        where program.Exists
        select Path.GetDirectoryName(program.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? program.FullName)!;
}

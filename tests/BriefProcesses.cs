using System.Runtime.CompilerServices;

namespace Backprop.Tests;

/// <summary>Turns profile-guided optimization off in the processes that tests start: most of them end before it pays off.</summary>
internal static class BriefProcesses
{
    [ModuleInitializer]
    internal static void TurnProfilingOff() => Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");
}

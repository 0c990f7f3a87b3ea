namespace Backprop.Runner.Platform;

/// <summary>The user's folder for the runner's caches. No other user should be able to write to it.</summary>
internal static class CacheFolder
{
    /// <summary>Returns the path of one cache.</summary>
    public static string PathOf(string name) => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "backprop",
        name);
}

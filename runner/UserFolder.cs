namespace Backprop.Runner;

/// <summary>The user's folder for what the runner remembers, which nobody else should be able to write.</summary>
internal static class UserFolder
{
    /// <summary>The path of a folder in it.</summary>
    public static string PathOf(string name) => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "backprop",
        name);
}

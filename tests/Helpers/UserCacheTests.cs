using System.Diagnostics;
using System.Runtime.Versioning;

namespace Backprop.Tests;

[SupportedOSPlatform("linux")]
public sealed class UserCacheTests : IDisposable
{
    private const string OnlyOnLinux = "Native libraries are kept in a cache on Linux only.";
    private const UnixFileMode OnlyUser = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly byte[] Content = [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)];

    private readonly string root = Directory.CreateTempSubdirectory().FullName;

    public static bool OnLinux => OperatingSystem.IsLinux();

    private string Folder => Path.Combine(root, "deep", "cache");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact(SkipUnless = nameof(OnLinux), Skip = OnlyOnLinux)]
    public void A_file_is_made_in_a_folder_of_the_user_alone()
    {
        var path = UserCache.Keep(Folder, "a.so", Content);

        Assert.Equal(Path.Combine(Folder, "a.so"), path);
        Assert.Equal(Content, File.ReadAllBytes(path));
        Assert.Equal(OnlyUser, File.GetUnixFileMode(Folder));
        Assert.Equal([path], Directory.GetFiles(Folder));
    }

    [Fact(SkipUnless = nameof(OnLinux), Skip = OnlyOnLinux)]
    public void A_file_with_the_right_content_is_left_alone()
    {
        var path = UserCache.Keep(Folder, "a.so", Content);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);

        UserCache.Keep(Folder, "a.so", Content);

        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(path));
    }

    [Theory(SkipUnless = nameof(OnLinux), Skip = OnlyOnLinux)]
    [InlineData(99_999)]
    [InlineData(0)]
    [InlineData(100_001)]
    public void A_file_with_other_content_is_replaced(int length)
    {
        var path = UserCache.Keep(Folder, "a.so", new byte[length]);
        using var inUse = File.OpenRead(path);

        UserCache.Keep(Folder, "a.so", Content);

        Assert.Equal(Content, File.ReadAllBytes(path));
        Assert.Equal(length, inUse.Length);
        Assert.Equal([path], Directory.GetFiles(Folder));
    }

    [Theory(SkipUnless = nameof(OnLinux), Skip = OnlyOnLinux)]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.GroupWrite)]
    public void A_folder_that_others_can_write_is_refused(UnixFileMode others)
    {
        var path = UserCache.Keep(Folder, "a.so", Content);
        File.SetUnixFileMode(Folder, OnlyUser | others);

        var refused = Assert.Throws<IOException>(() => UserCache.Keep(Folder, "a.so", [1]));

        Assert.Contains(Folder, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Others can write it.", refused.Message, StringComparison.Ordinal);
        Assert.Contains("XDG_CACHE_HOME", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Content, File.ReadAllBytes(path));
    }

    [Fact(SkipUnless = nameof(OnLinux), Skip = OnlyOnLinux)]
    public void A_folder_of_somebody_else_is_refused()
    {
        var folder = Environment.IsPrivilegedProcess ? GivenAway() : "/usr";

        var refused = Assert.Throws<IOException>(() => UserCache.Keep(folder, "a.so", Content));

        Assert.Contains("It belongs to user", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "a.so")));
    }

    [Fact(SkipUnless = nameof(OnLinux), Skip = OnlyOnLinux)]
    public void A_folder_that_is_a_file_is_refused()
    {
        var file = Path.Combine(root, "file");
        File.WriteAllText(file, "mine");

        Assert.Throws<IOException>(() => UserCache.Keep(file, "a.so", Content));
        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Fact(SkipUnless = nameof(OnLinux), Skip = OnlyOnLinux)]
    public void Many_may_ask_at_once()
    {
        Parallel.For(0, 200, i => Assert.Equal(Content, File.ReadAllBytes(UserCache.Keep(Folder, "a.so", Content))));

        Assert.Equal([Path.Combine(Folder, "a.so")], Directory.GetFiles(Folder));
    }

    [Theory(SkipUnless = nameof(OnLinux), Skip = OnlyOnLinux)]
    [InlineData("/some/where", "/some/where/backprop")]
    [InlineData("relative", "HOME/.cache/backprop")]
    [InlineData(null, "HOME/.cache/backprop")]
    public void The_folder_is_where_the_user_keeps_caches(string? setting, string folder)
    {
        var before = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", setting);
        try
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
            Assert.Equal(folder.Replace("HOME", home, StringComparison.Ordinal), UserCache.Folder);
        }
        finally
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", before);
        }
    }

    private string GivenAway()
    {
        Directory.CreateDirectory(Folder, OnlyUser);
        using var chown = Process.Start("chown", ["1", Folder]);
        chown.WaitForExit();
        return Folder;
    }
}

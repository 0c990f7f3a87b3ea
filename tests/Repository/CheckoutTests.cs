using System.Diagnostics;

namespace Backprop.Tests.Repository;

/// <summary>Git on Windows, which may convert line endings.</summary>
public sealed class CheckoutTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose()
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Whether the tests run in a git checkout.</summary>
    public static bool HasGit => !OperatingSystem.IsWindows() && Path.Exists(Path.Combine(TestData.Root, ".git"));

    [Theory(Skip = "This needs a git checkout.", SkipUnless = nameof(HasGit))]
    [InlineData("core.autocrlf=true")]
    [InlineData("core.eol=crlf")]
    public void Every_file_has_the_same_bytes_with_the_git_settings_of_Windows(string setting)
    {
        var (asCommitted, asOnWindows) = (Clone("core.autocrlf=false"), Clone(setting));

        var names = Names(asCommitted);
        Assert.Contains("Backprop.dib", names);
        Assert.Equal(names, Names(asOnWindows));
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(Path.Combine(asCommitted, name)), File.ReadAllBytes(Path.Combine(asOnWindows, name))));
        var written = names.Where(name => Path.GetExtension(name) is ".dib" or ".ipynb" or ".cs" or ".csx" or ".sh" && name != "tests/data/notebooks/by-hand.dib");
        Assert.All(written, name => Assert.DoesNotContain((byte)'\r', File.ReadAllBytes(Path.Combine(asOnWindows, name))));
    }

    private string Clone(string setting)
    {
        var target = Path.Combine(folder, setting);
        using var git = Process.Start(new ProcessStartInfo("git", ["-c", setting, "clone", "--quiet", "--no-hardlinks", TestData.Root, target]) { RedirectStandardError = true })!;
        var error = git.StandardError.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, error);
        return target;
    }

    private static List<string> Names(string folder) =>
        [.. TestData.FilesBelow(folder).Where(name => !name.StartsWith(".git/", StringComparison.Ordinal))];
}

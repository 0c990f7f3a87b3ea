using System.Reflection;
using System.Text.RegularExpressions;

namespace Backprop.Tests.Repository;

/// <summary>The CI scripts, compared with the tests that they name.</summary>
public partial class ScriptTests
{
    [Fact]
    public void Every_test_that_the_Windows_run_excludes_exists()
    {
        var tests = typeof(ScriptTests).Assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public)).Select(method => method.Name).ToHashSet();
        var excluded = ExcludedTest().Matches(File.ReadAllText(Path.Combine(TestData.Root, ".ci", "windows.sh"))).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(excluded);
        Assert.All(excluded, name => Assert.Contains(name, tests));
    }

    [GeneratedRegex(@"-method- '\*\.(\w+)'")]
    private static partial Regex ExcludedTest();
}

using System.Text.RegularExpressions;

namespace Backprop.Tests.Repository;

/// <summary>The dependency rules of ARCHITECTURE.md.</summary>
public partial class DependencyTests
{
    private static readonly string[] Engine = ["Compiling", "Editing", "Execution", "Hosting", "Workers"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Outputs"] = [],
        ["Platform"] = [],
        ["Documents"] = ["Outputs"],
        ["Packages"] = ["Platform"],
        ["Compiling"] = [.. Engine, "Platform"],
        ["Editing"] = Engine,
        ["Hosting"] = [.. Engine, "Outputs"],
        ["Workers"] = [.. Engine, "Outputs", "Platform"],
        ["Execution"] = [.. Engine, "Documents", "Outputs", "Packages"],
        ["Reports"] = ["Compiling", "Documents", "Execution", "Outputs", "Platform"],
        ["Jupyter"] = [.. Engine, "Documents", "Outputs", "Platform"],
    };

    [Fact]
    public void Every_part_of_the_runner_uses_only_what_it_may()
    {
        var parts = Directory.GetDirectories(Path.Combine(TestData.Root, "runner")).Select(folder => Path.GetFileName(folder)!)
            .Where(part => part is not ("bin" or "obj")).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), parts);

        foreach (var part in parts)
        {
            var used = Sources(Path.Combine("runner", part)).SelectMany(code => PartName().Matches(code)).Select(match => match.Groups[1].Value)
                .Where(name => name != part && Allowed.ContainsKey(name)).Distinct();

            Assert.All(used, name => Assert.True(Allowed[part].Contains(name), $"runner/{part} uses {name}"));
        }
    }

    [Fact]
    public void Helpers_know_neither_the_runner_nor_a_host() => Assert.All(Sources("helpers"), code =>
    {
        Assert.DoesNotContain("Backprop.Runner", code, StringComparison.Ordinal);
        Assert.DoesNotContain("using Microsoft.DotNet.Interactive", code, StringComparison.Ordinal);
    });

    [Fact]
    public void The_runner_does_not_know_the_lesson()
    {
        var helpers = TestData.Helpers.Select(file => Path.GetFileNameWithoutExtension(file)).ToList();
        Assert.Contains("XorNetwork", helpers);

        Assert.All(Sources("runner"), code => Assert.DoesNotContain("helpers/", code, StringComparison.Ordinal));
        Assert.All(Sources("runner"), code => Assert.DoesNotContain("Backprop.dib", code, StringComparison.Ordinal));
        Assert.DoesNotContain("helpers", File.ReadAllText(Path.Combine(TestData.Root, "runner", "Backprop.Runner.csproj")), StringComparison.Ordinal);
        Assert.DoesNotContain("TorchSharp", File.ReadAllText(Path.Combine(TestData.Root, "runner", "Backprop.Runner.csproj")), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_that_the_documents_link_to_exists()
    {
        foreach (var path in Directory.GetFiles(TestData.Root, "*.md").Concat(Directory.GetFiles(Path.Combine(TestData.Root, "docs"), "*.md")))
        {
            var links = Link().Matches(File.ReadAllText(path)).Select(match => match.Groups[1].Value).Where(link => !link.StartsWith("http", StringComparison.Ordinal));

            Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, link.Split('#')[0])), $"{path} links to {link}, which does not exist."));
        }
    }

    private static IEnumerable<string> Sources(string folder) =>
        TestData.FilesBelow(Path.Combine(TestData.Root, folder))
            .Where(file => Path.GetExtension(file) is ".cs" or ".csx" && !file.Contains("bin/", StringComparison.Ordinal) && !file.Contains("obj/", StringComparison.Ordinal))
            .Select(file => File.ReadAllText(Path.Combine(TestData.Root, folder, file)));

    [GeneratedRegex(@"Backprop\.Runner\.([A-Z]\w+)")]
    private static partial Regex PartName();

    [GeneratedRegex(@"\]\(([^)\s#]+[^)\s]*)\)")]
    private static partial Regex Link();
}

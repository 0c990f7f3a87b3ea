namespace Backprop.Tests.Runner.Packages;

/// <summary><c>#r "nuget:…"</c>: restores, the package cache and errors.</summary>
[Parallel]
public sealed class PackageTests : IDisposable
{
    private const string UnreachableSource =
        """<configuration><packageSources><clear /><add key="nowhere" value="https://localhost:9/index.json" /></packageSources></configuration>""";

    private const string Use = "#r \"nuget: XPlot.Plotly, 4.1.0\"\n\ntypeof(XPlot.Plotly.Chart).Name";

    private readonly RunnerProcess runner = new();

    public void Dispose() => runner.Dispose();

    [Fact]
    public async Task A_cached_package_needs_no_network_and_no_restore()
    {
        await RunAsync(Use);
        var entry = Entry;
        File.SetLastWriteTimeUtc(entry, DateTime.UnixEpoch);

        var ended = await RunAsync(Use, ("HTTPS_PROXY", "http://localhost:9"), ("HTTP_PROXY", "http://localhost:9"), ("NO_PROXY", ""));

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("Chart", ended.Output, StringComparison.Ordinal);
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(entry));
    }

    [Fact]
    public async Task The_progress_of_a_restore_is_shown_and_not_saved()
    {
        var ended = await RunAsync(Use, ("NUGET_PACKAGES", Path.Combine(runner.Folder, "packages")));

        Assert.Equal(0, ended.ExitCode);
        Assert.Matches(@"Restoring packages: \d+ s, \d+ MB downloaded …", ended.Output);
        Assert.DoesNotContain("Restoring", runner.Read(Path.Combine("out", "a.ipynb")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_that_cannot_be_restored_is_an_error_that_names_its_source_and_line()
    {
        runner.Write("nuget.config", UnreachableSource);

        var ended = await RunAsync($"// a package\n{Use}", ("NUGET_PACKAGES", Path.Combine(runner.Folder, "packages")));

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("NU1301", ended.Output, StringComparison.Ordinal);
        Assert.Contains("https://localhost:9/index.json", ended.Output, StringComparison.Ordinal);
        Assert.Contains("at cell 1, line 2", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_NuGet_configuration_is_an_error_that_names_it_and_the_line()
    {
        var settings = runner.Write("nuget.config", "<broken");

        var ended = await RunAsync(Use);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(settings, ended.Output, StringComparison.Ordinal);
        Assert.Contains("at cell 1, line 1", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_writable_cache_packages_are_still_restored()
    {
        var ended = await RunAsync(Use, ("XDG_DATA_HOME", runner.Write("file", "")), ("LOCALAPPDATA", "file"));

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("Chart", ended.Output, StringComparison.Ordinal);
        Assert.Empty(Entries);
    }

    [Fact]
    public async Task A_damaged_assembly_of_a_package_is_an_error_that_names_its_file()
    {
        var packages = Path.Combine(runner.Folder, "packages");
        await RunAsync(Use, ("NUGET_PACKAGES", packages));
        var assembly = Assert.Single(Directory.GetFiles(packages, "XPlot.Plotly.dll", SearchOption.AllDirectories), path => path.Contains("netstandard2.0", StringComparison.Ordinal));
        await File.WriteAllTextAsync(assembly, "damaged", TestContext.Current.CancellationToken);

        var ended = await RunAsync(Use, ("NUGET_PACKAGES", packages));

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains($"'{assembly}' could not be opened", ended.Output, StringComparison.Ordinal);
    }

    [FullScopeTheory]
    [InlineData("")]
    [InlineData("{\"Names\": [")]
    [InlineData("{}")]
    [InlineData("{\"Names\":[],\"Assemblies\":[\"/no/such.dll\"],\"NativeFolders\":[]}")]
    [InlineData("{\"Names\":[],\"Assemblies\":[],\"NativeFolders\":[\"/no/such/folder\"]}")]
    public async Task An_invalid_cache_entry_is_replaced(string entry)
    {
        await RunAsync(Use);
        var good = await File.ReadAllTextAsync(Entry, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Entry, entry, TestContext.Current.CancellationToken);

        var ended = await RunAsync(Use);

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(good, await File.ReadAllTextAsync(Entry, TestContext.Current.CancellationToken));
    }

    [FullScopeFact]
    public async Task Other_package_sources_are_a_cache_miss()
    {
        await RunAsync(Use);
        runner.Write("nuget.config", "<configuration />");

        await RunAsync(Use);

        Assert.Equal(2, Entries.Length);
    }

    [Theory]
    [InlineData($"{Use}\n\n#!csharp\n\n", "at cell 2, line 1")]
    [InlineData("#r \"nuget: XPlot.Plotly, 4.1.0\"\n", "at cell 1, line 2")]
    public async Task One_package_in_two_versions_is_an_error_that_names_both_and_the_line(string before, string place)
    {
        var ended = await RunAsync(before + "#r \"nuget: XPlot.Plotly, 4.0.6\"");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("Version 4.0.6 of package XPlot.Plotly is requested", ended.Output, StringComparison.Ordinal);
        Assert.Contains("already uses XPlot.Plotly, 4.1.0", ended.Output, StringComparison.Ordinal);
        Assert.Contains(place, ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_that_a_failing_cell_references_stays_in_the_session()
    {
        var failing = Use.Replace("typeof", "int wrong = typeof", StringComparison.Ordinal);

        var ended = await RunAsync($"{failing}\n\n#!csharp\n\nusing XPlot.Plotly;\n\n#!csharp\n\ntypeof(Chart).Name", ["--keep-going"]);

        Assert.Contains("CompilationError", ended.Output, StringComparison.Ordinal);
        Assert.EndsWith("Chart", ended.Output.Split("[3/3]")[^1].Split('\n')[1].Trim(), StringComparison.Ordinal);
    }

    private string[] Entries => Directory.GetFiles(runner.Folder, "*.json", SearchOption.AllDirectories)
        .Where(path => path.Contains("backprop", StringComparison.Ordinal)).ToArray();

    private string Entry => Assert.Single(Entries);

    private Task<RunnerProcess.Ended> RunAsync(string code, params (string Name, string Value)[] variables) => RunAsync(code, [], variables);

    private async Task<RunnerProcess.Ended> RunAsync(string code, string[] options, params (string Name, string Value)[] variables)
    {
        Sdk.Require();
        runner.Write("a.dib", $"#!csharp\n\n{code}\n");
        using var process = runner.Start(["a.dib", .. options], [("XDG_DATA_HOME", runner.Folder), ("LOCALAPPDATA", runner.Folder), .. variables]);
        return await RunnerProcess.EndAsync(process);
    }
}

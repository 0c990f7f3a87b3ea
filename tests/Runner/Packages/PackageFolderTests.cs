using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Backprop.Tests.Runner.Packages;

/// <summary>A package folder that is filled on one machine and used on others without a network or the SDK.</summary>
[Parallel]
public sealed class PackageFolderTests : IDisposable
{
    private static readonly (string Name, string Value)[] NoSdkAndNoNetwork =
        [("DOTNET_HOST_PATH", "/no/such/dotnet"), ("HTTPS_PROXY", "http://localhost:9"), ("HTTP_PROXY", "http://localhost:9"), ("NO_PROXY", "")];

    private readonly RunnerProcess runner = new();

    public void Dispose() => runner.Dispose();

    [Fact]
    public async Task A_filled_folder_can_be_moved_to_a_machine_without_network_and_SDK()
    {
        Assert.Equal(0, (await RunAsync("packages")).ExitCode);
        Directory.Move(In("packages"), In("moved"));

        var ended = await RunAsync("moved", NoSdkAndNoNetwork);

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Contains("Chart", ended.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(In("packages")));
    }

    [Fact]
    public async Task The_folder_has_the_packages_of_every_platform()
    {
        await RunAsync("packages");

        var systems = JsonNode.Parse(await File.ReadAllTextAsync(Entry, TestContext.Current.CancellationToken))!.AsObject();

        Assert.Superset(new HashSet<string> { "linux-x64", "osx-arm64", "win-x64" }, systems.Select(system => system.Key).ToHashSet());
        Assert.All(systems, system => Assert.Contains("xplot.plotly/4.1.0/lib/netstandard2.0/XPlot.Plotly.dll", system.Value!["Assemblies"]!.AsArray().Select(path => (string)path!)));
    }

    [FullScopeTheory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"linux-x64\":{}}")]
    [InlineData("{\"linux-x64\":{\"Names\":[],\"Assemblies\":[\"no/such.dll\"],\"NativeFolders\":[]}}")]
    public async Task An_invalid_restore_result_in_the_folder_is_replaced(string entry)
    {
        await RunAsync("packages");
        var good = await File.ReadAllTextAsync(Entry, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Entry, entry, TestContext.Current.CancellationToken);

        Assert.Equal(0, (await RunAsync("packages")).ExitCode);
        Assert.Equal(good, await File.ReadAllTextAsync(Entry, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_the_SDK_a_missing_package_is_an_error_that_says_what_to_do()
    {
        var ended = await RunAsync("packages", NoSdkAndNoNetwork);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("set BACKPROP_PACKAGES to a folder that has the packages", ended.Output, StringComparison.Ordinal);
        Assert.Contains("at cell 1, line 1", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_error_says_when_there_is_only_a_runtime()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The test needs symbolic links, which need a privilege on Windows.");
        var installed = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        Directory.CreateSymbolicLink(In("host"), Path.Combine(installed, "host"));
        File.Copy(Path.Combine(installed, "dotnet"), In("dotnet"));

        var ended = await RunAsync("packages", [.. NoSdkAndNoNetwork, ("DOTNET_HOST_PATH", In("dotnet"))]);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains($"needs the .NET SDK, but '{In("dotnet")}' has only the runtime.", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_an_error_that_names_it_and_the_missing_package()
    {
        runner.Write("packages", "a file");

        var ended = await RunAsync("packages");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains($"BACKPROP_PACKAGES is set to {In("packages")}, which has no readable packages for a notebook with XPlot.Plotly, 4.1.0, ", ended.Output, StringComparison.Ordinal);
        Assert.Contains("at cell 1, line 1", ended.Output, StringComparison.Ordinal);
    }

    private string Entry => Assert.Single(Directory.GetFiles(In("packages"), "*.json"));

    private string In(string name) => Path.Combine(runner.Folder, name);

    private async Task<RunnerProcess.Ended> RunAsync(string folder, params (string Name, string Value)[] variables)
    {
        if (variables.Length == 0)
        {
            Sdk.Require();
        }

        runner.Write("a.dib", "#r \"nuget: XPlot.Plotly, 4.1.0\"\n\ntypeof(XPlot.Plotly.Chart).Name");
        using var process = runner.Start(["a.dib"], [("BACKPROP_PACKAGES", folder), .. variables]);
        return await RunnerProcess.EndAsync(process);
    }
}

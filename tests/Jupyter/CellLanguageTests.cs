using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Backprop.Tests.Runner;
using Backprop.Tests.Runner.Documents;

namespace Backprop.Tests.Jupyter;

/// <summary>
/// VS Code runs only those code cells of a Jupyter notebook that are in the language of the selected kernel, and silently skips all
/// others.
/// </summary>
[Parallel]
public sealed class CellLanguageTests : IDisposable
{
    private readonly RunnerProcess runner = new();

    public void Dispose() => runner.Dispose();

    [Fact]
    public void Every_code_cell_of_the_committed_lesson_is_in_the_language_of_the_kernel() =>
        AssertRunnable(File.ReadAllText(Path.Combine(TestData.Root, "Backprop.ipynb")), LanguageOfKernel());

    [Theory]
    [InlineData("polyglot.dib")]
    [InlineData("vscode-4.2.ipynb")]
    public async Task Every_code_cell_of_a_saved_notebook_is_in_the_language_of_the_kernel(string name)
    {
        var ended = await runner.RunAsync(Samples.Path(name), "--output", "x.ipynb");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        AssertRunnable(runner.Read("x.ipynb"), LanguageOfKernel());
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_kernel_spec_has_the_language_of_the_kernel()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A script cannot stand in for the SDK on Windows.");
        File.SetUnixFileMode(runner.Write("dotnet", "#!/bin/sh\n"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var process = runner.Start(["jupyter", "install", "--prefix", "."], ("DOTNET_HOST_PATH", Path.Combine(runner.Folder, "dotnet")));
        var ended = await RunnerProcess.EndAsync(process);

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Equal(LanguageOfKernel(), IdOf((string)JsonNode.Parse(runner.Read("share/jupyter/kernels/.net-csharp/kernel.json"))!["language"]!));
    }

    private static void AssertRunnable(string notebook, string language)
    {
        var json = JsonNode.Parse(notebook)!;
        var cells = json["cells"]!.AsArray().Where(cell => (string?)cell!["cell_type"] == "code").ToList();

        Assert.NotEmpty(cells);
        Assert.All(cells, cell => Assert.Equal(language, (string?)cell!["metadata"]?["vscode"]?["languageId"] ?? LanguageOf(json["metadata"]!)));
    }

    private static string LanguageOf(JsonNode metadata) =>
        IdOf((string?)metadata["language_info"]?["name"] ?? (string?)metadata["kernelspec"]?["language"] ?? "python");

    private static string LanguageOfKernel()
    {
        using var kernel = new KernelClient();
        return IdOf((string)kernel.Ask("kernel_info_request", [])["language_info"]!["name"]!);
    }

    // VS Code's id for a language name in Jupyter.
    private static string IdOf(string language) => language.ToLowerInvariant() switch
    {
        "c#" => "csharp",
        "f#" => "fsharp",
        var other => other,
    };
}

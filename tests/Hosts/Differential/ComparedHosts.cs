using System.Text.Json;
using Backprop.Runner.Documents;
using Backprop.Runner.Execution;
using Backprop.Runner.Outputs;
using Backprop.Tests.Runner;
using Microsoft.DotNet.Interactive.Formatting;

namespace Backprop.Tests.Hosts.Differential;

/// <summary>Runs all cells of the folder in .NET Interactive and in a session.</summary>
public sealed class ComparedHosts : IAsyncLifetime
{
    private static readonly string Folder = Path.Combine(TestData.Root, "tests", "Hosts", "Differential");

    private readonly Dictionary<string, IReadOnlyList<ComparedCell>> cells = [];

    /// <summary>The names of the files.</summary>
    internal static IEnumerable<string> Files => Directory.GetFiles(Path.Combine(Folder, "cells"), "*.dib").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal);

    /// <summary>Returns the expected differences of a file: the reasons, by cell number.</summary>
    internal static IReadOnlyDictionary<int, string> DifferencesOf(string file) =>
        JsonSerializer.Deserialize<Dictionary<string, Dictionary<int, string>>>(File.ReadAllText(Path.Combine(Folder, "differences.json")))!.GetValueOrDefault(file) ?? [];

    /// <summary>The cells of a file.</summary>
    internal IReadOnlyList<ComparedCell> this[string file] => cells[file];

    public async ValueTask InitializeAsync()
    {
        if (!DotnetTools.AreRestored)
        {
            return;
        }

        var sources = Files.ToDictionary(file => file, file => NotebookFile.Read(Path.Combine(Folder, "cells", file + ".dib")).Cells.Select(cell => cell.Source).ToList());
        var all = sources.Values.SelectMany(file => file).ToList();
        var original = RunInteractiveAsync(all);
        var ours = await RunSessionAsync(all);
        var pairs = new Queue<(IReadOnlyList<ShownOutput> Original, IReadOnlyList<ShownOutput> Ours)>((await original).Zip(ours));
        foreach (var (file, code) in sources)
        {
            cells[file] = [.. code.Select((source, index) => pairs.Dequeue() is var pair ? new ComparedCell(index + 1, source, pair.Original, pair.Ours) : null!)];
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<List<IReadOnlyList<ShownOutput>>> RunInteractiveAsync(IEnumerable<string> code)
    {
        var folder = Directory.CreateTempSubdirectory();
        await using var host = await InteractiveProcess.StartAsync(folder.FullName);
        var shown = new List<IReadOnlyList<ShownOutput>>();
        foreach (var cell in code)
        {
            shown.Add(ShownOutput.Of(await host.RunAsync(cell)));
        }

        folder.Delete(recursive: true);
        return shown;
    }

    private static async Task<List<IReadOnlyList<ShownOutput>>> RunSessionAsync(IEnumerable<string> code)
    {
        var folder = Directory.CreateTempSubdirectory();
        var outputs = new List<CellOutput>();
        using var session = new Session(folder.FullName, outputs.AddUnlessProgress);
        var shown = new List<IReadOnlyList<ShownOutput>>();
        foreach (var cell in code)
        {
            outputs.Clear();
            await session.RunAsync(new Submission("cell", cell), TestContext.Current.CancellationToken);
            shown.Add(ShownOutput.Of(outputs));
        }

        Formatter.ResetToDefault();
        FormerWorkingDirectory.Leave(folder.FullName);
        return shown;
    }
}

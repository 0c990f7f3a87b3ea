using System.Text.RegularExpressions;
using System.Xml.Linq;
using Backprop.Runner.Documents;
using Backprop.Runner.Execution;
using Backprop.Runner.Reports;

namespace Backprop.Tests.Lesson;

/// <summary>The lesson's two files, Backprop.dib and Backprop.ipynb, against each other and against the project.</summary>
public partial class NotebookFilesTests
{
    private const string HowToRegenerate = "Regenerate Backprop.ipynb: dotnet run backprop.cs -- Backprop.dib --output Backprop.ipynb";

    internal static readonly Notebook Dib = NotebookFile.Read(Path.Combine(TestData.Root, "Backprop.dib"));
    private static readonly string Ipynb = File.ReadAllText(Path.Combine(TestData.Root, "Backprop.ipynb"));

    /// <summary>The notebook that a run must produce on this platform if it rounds like the reference.</summary>
    internal static string Expected => Rounding.SigmoidIsThatOfLinux ? Ipynb : AsRoundedOnWindows(Ipynb);

    [Fact]
    public async Task The_saved_notebook_is_the_result_of_a_fresh_run()
    {
        var record = new RunRecord();

        Assert.Equal(RunOutcome.Completed, await new NotebookRun(Dib, TestData.Root, [record]).ExecuteAsync(TestContext.Current.CancellationToken));

        var fresh = IpynbFormat.Write(Dib, record.Cells);
        if (Rounding.IsThatOfTheReference)
        {
            Assert.True(fresh == Expected, $"{FirstDifference(Expected, fresh)}\n{HowToRegenerate}");
        }
        else
        {
            // The points of the curve have more digits than the tolerance allows. Other tests compare the prints.
            Assert.Equal(Dib.Cells.Select(cell => cell.Source), IpynbFormat.Read(Ipynb).Cells.Select(cell => cell.Source));
        }
    }

    [Fact]
    public void Both_files_have_the_same_cells()
    {
        var saved = IpynbFormat.Read(Ipynb).Cells;

        Assert.Equal(Dib.Cells.Select(cell => (cell.Kind, cell.Language, cell.Source)), saved.Select(cell => (cell.Kind, cell.Language, cell.Source)));
    }

    [Fact]
    public void The_source_is_in_the_form_that_Polyglot_writes() =>
        Assert.Equal(File.ReadAllText(Path.Combine(TestData.Root, "Backprop.dib")), DibFormat.Write(Dib));

    [Fact]
    public void Part_1_has_the_cells_of_the_original_in_its_order()
    {
        string[] kinds = ["md", "md", "code", "code", "md", "code", "md", "code", "md", "code", "md", "code", "md", "code", "md", "code", "code", "md", "code"];

        Assert.Equal(kinds, Dib.Cells.Take(19).Select(cell => cell.Kind == CellKind.Code ? "code" : "md"));
    }

    [Fact]
    public void No_output_contains_a_path_an_address_or_a_time()
    {
        var outputs = string.Concat(Ipynb.Split('\n').Where(line => !line.Contains("https://cdn.jsdelivr.net", StringComparison.Ordinal)));

        Assert.DoesNotMatch(MachineDetail(), outputs);
        Assert.DoesNotContain(Environment.UserName + "/", outputs, StringComparison.Ordinal);
    }

    [Fact]
    public void The_saved_notebook_stays_small() => Assert.InRange(Ipynb.Length, 1, 1_000_000);

    [Fact]
    public void Packages_have_the_versions_of_the_project()
    {
        var built = XDocument.Load(Path.Combine(TestData.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(package => (string)package.Attribute("Include")!, package => (string)package.Attribute("Version")!);
        var referenced = PackageReference().Matches(Dib.Cells[2].Source);

        Assert.Equal(2, referenced.Count);
        Assert.All(referenced, reference => Assert.Equal(built[reference.Groups["id"].Value], reference.Groups["version"].Value));
    }

    [Fact]
    public void The_lesson_loads_every_helper()
    {
        var scripts = LoadedFile().Matches(string.Join('\n', Dib.Cells.Select(cell => cell.Source))).Select(load => load.Groups["file"].Value).ToList();
        var loaded = scripts.Select(script => Path.Combine(TestData.Root, script)).SelectMany(script => LoadedFile().Matches(File.ReadAllText(script))).Select(load => $"helpers/{load.Groups["file"].Value}");

        Assert.Equal(TestData.Helpers.Select(helper => $"helpers/{helper}"), scripts.Concat(loaded).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_first_code_cell_is_as_short_as_import_torch() => Assert.Equal(
        [
            "#r \"nuget: TorchSharp-cpu, 0.107.0\"",
            "#r \"nuget: XPlot.Plotly, 4.1.0\"",
            "#load \"helpers/PyTorch.csx\"",
            "using TorchSharp;",
            "using Tensor = TorchSharp.torch.Tensor;",
        ],
        Dib.Cells[2].Source.Split('\n'));

    // One point of the difference quotient's error curve, at h = 10^-6.25, where rounding dominates.
    private static string AsRoundedOnWindows(string saved)
    {
        Assert.Equal(2, saved.Split(" 20 20 21 -1 21 59 ").Length);
        return saved.Replace(" 20 20 21 -1 21 59 ", " 20 19 21 0 21 59 ", StringComparison.Ordinal);
    }

    private static string FirstDifference(string saved, string fresh)
    {
        var pair = saved.Split('\n').Zip(fresh.Split('\n')).FirstOrDefault(lines => lines.First != lines.Second);
        return $"saved: {pair.First}\nfresh: {pair.Second}";
    }

    [GeneratedRegex("#r \"nuget: (?<id>[^,]+), (?<version>[^\"]+)\"")]
    private static partial Regex PackageReference();

    [GeneratedRegex("""^\#load "(?<file>[^"]+)"\r?$""", RegexOptions.Multiline)]
    private static partial Regex LoadedFile();

    [GeneratedRegex(@"/home/|/root/|/tmp/|/Users/|[A-Z]:\\\\|0x[0-9a-f]{6,}|\d\d:\d\d:\d\d|20\d\d-\d\d-\d\d")]
    private static partial Regex MachineDetail();
}

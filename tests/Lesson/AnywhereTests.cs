using System.Globalization;
using System.Runtime.InteropServices;
using Backprop.Runner.Documents;
using Backprop.Runner.Outputs;
using Backprop.Runner.Reports;
using Spectre.Console;

namespace Backprop.Tests.Lesson;

/// <summary>The whole lesson in other environments: it shows the same, or says what it omits.</summary>
[Collection(nameof(Alone))]
public sealed class AnywhereTests : IDisposable
{
    private const string NotAvailable =
        "The autograd graph is not available on this platform: its memory layout in libtorch has been measured on Linux and Windows for x64, but not on OSX for Arm64.";

    private readonly CultureInfo culture = CultureInfo.CurrentCulture;

    public void Dispose() => Use(culture, forNewThreads: null);

    [FullScopeTheory]
    [InlineData("de-DE", "1,5", "I")]
    [InlineData("tr-TR", "1,5", "\u0130")]
    public async Task The_users_language_affects_no_output_and_no_report(string name, string number, string upperCaseOfI)
    {
        Assert.SkipUnless(Rounding.IsThatOfTheReference, "This processor rounds differently from the reference.");
        var foreign = CultureInfo.GetCultureInfo(name);
        Use(foreign, forNewThreads: foreign);
        Assert.Equal((number, upperCaseOfI), (await InSessionAsync("1.5.ToString()"), await InSessionAsync("\"i\".ToUpper()")));

        var cells = await LessonFolder.RunAsync(TestData.Root);

        Assert.Equal(NotebookFilesTests.Expected, IpynbFormat.Write(NotebookFilesTests.Dib, cells));
        var (page, lines) = (Page(cells), Lines(cells));
        Use(CultureInfo.InvariantCulture, forNewThreads: null);
        Assert.Equal(Page(cells), page);
        Assert.Equal(Lines(cells), lines);
    }

    [Fact]
    public async Task Files_with_Windows_line_endings_give_the_same_outputs()
    {
        Assert.SkipUnless(Rounding.IsThatOfTheReference, "This processor rounds differently from the reference.");
        using var lesson = new LessonFolder((_, text) => text.ReplaceLineEndings("\r\n"));

        Assert.Equal(NotebookFilesTests.Expected, IpynbFormat.Write(NotebookFilesTests.Dib, await lesson.RunAsync()));
    }

    [FullScopeFact]
    public async Task On_a_platform_that_was_not_measured_libtorchs_memory_is_not_read_and_the_lesson_says_what_it_omits()
    {
        using var lesson = new LessonFolder((name, text) => name == "NodeLayout.cs" ? AsOnAMac(text) : text);

        var outputs = (await lesson.RunAsync()).Select(cell => cell.Outputs).ToList();

        Assert.StartsWith("tensor([0.2000, 0.0000])\n", Assert.IsType<StreamOutput>(outputs[LessonCells.IndexOf("9")][0]).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("grad_fn", string.Concat(outputs.SelectMany(cell => cell).OfType<StreamOutput>().Select(output => output.Text)), StringComparison.Ordinal);
        var graphs = outputs.SelectMany(cell => cell).OfType<ValueOutput>().Where(value => value.Data["text/plain"] == NotAvailable).ToList();
        Assert.Equal(2, graphs.Count);
        Assert.All(graphs, graph => Assert.Equal($"<p>{NotAvailable}</p>", graph.Data["text/html"]));
    }

    [Theory]
    [InlineData("OSX", Architecture.Arm64)]
    [InlineData("OSX", Architecture.X64)]
    [InlineData("WINDOWS", Architecture.Arm64)]
    [InlineData("LINUX", Architecture.Arm64)]
    [InlineData("FREEBSD", Architecture.X64)]
    public void A_platform_that_was_not_measured_is_named(string platform, Architecture processor)
    {
        var (layout, why) = NodeLayout.On(OSPlatform.Create(platform), processor);

        Assert.Null(layout);
        Assert.EndsWith($"but not on {platform} for {processor}.", why, StringComparison.Ordinal);
    }

    // Any attempt to read memory or to look up a function of libtorch throws.
    private static string AsOnAMac(string nodeLayout)
    {
        const string here = "On(Array.Find([OSPlatform.Linux, OSPlatform.Windows, OSPlatform.OSX], RuntimeInformation.IsOSPlatform), RuntimeInformation.ProcessArchitecture)";
        const string start = "public sealed class NodeLayout\n{";
        Assert.Contains(here, nodeLayout, StringComparison.Ordinal);
        Assert.Contains(start, nodeLayout, StringComparison.Ordinal);
        return nodeLayout
            .Replace(here, "On(OSPlatform.OSX, Architecture.Arm64)", StringComparison.Ordinal)
            .Replace(
                start,
                start + """

                    private static class Marshal
                    {
                        public static T GetDelegateForFunctionPointer<T>(IntPtr pointer) => throw new NotSupportedException();
                        public static IntPtr ReadIntPtr(IntPtr pointer, int offset = 0) => throw new NotSupportedException();
                        public static int ReadInt32(IntPtr pointer, int offset) => throw new NotSupportedException();
                        public static long ReadInt64(IntPtr pointer, int offset) => throw new NotSupportedException();
                        public static string? PtrToStringUTF8(IntPtr pointer) => throw new NotSupportedException();
                    }

                    private static class NativeLibrary
                    {
                        public static bool TryLoad(string name, out IntPtr library) => throw new NotSupportedException();
                        public static bool TryGetExport(IntPtr library, string name, out IntPtr export) => throw new NotSupportedException();
                    }

                """,
                StringComparison.Ordinal);
    }

    private static void Use(CultureInfo culture, CultureInfo? forNewThreads)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = forNewThreads;
    }

    private static async Task<string> InSessionAsync(string expression)
    {
        using var cells = new LessonCells();
        return (await cells.RunAsync("cell", $"Console.Write({expression});")).Prints;
    }

    private static string Page(IReadOnlyList<ExecutedCell> cells) => new HtmlReport("Backprop", [.. cells.Select(cell => cell.Cell)], ".").Write(cells, []);

    private static string Lines(IReadOnlyList<ExecutedCell> cells)
    {
        using var text = new StringWriter();
        var report = new TerminalReport(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text) }), cells.Count);
        foreach (var (index, cell) in cells.Index())
        {
            report.CellStarted(cell.Cell, index + 1);
            foreach (var output in cell.Outputs)
            {
                report.OutputShown(output);
            }

            report.CellFinished(cell);
        }

        return text.ToString();
    }
}

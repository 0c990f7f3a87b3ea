using System.Diagnostics;
using System.Text;

namespace Backprop.Tests.Runner.Reports;

/// <summary>Terminal output in other languages and in a narrow terminal.</summary>
[Parallel]
public sealed class TerminalEncodingTests : IDisposable
{
    private const string Text = "→ ü ½ 漢 🎓";

    private readonly RunnerProcess runner = new();

    public void Dispose() => runner.Dispose();

    [Fact]
    public async Task Text_is_UTF_8_and_not_wrapped_whatever_the_code_page_and_the_width()
    {
        runner.Write("a.dib", $"Console.WriteLine(\"{Text}\");\nConsole.WriteLine(new string('x', 300));\n\"{Text}\"");

        using var process = OperatingSystem.IsWindows()
            ? StartInCodePage850()
            : runner.Start(["a.dib"], ("LC_ALL", "C"), ("LANG", "C"), ("COLUMNS", "40"), ("LINES", "10"));
        var ended = await RunnerProcess.EndAsync(process);

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        var lines = ended.Output.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal([$"[1/1] Console.WriteLine(\"{Text}\");", Text, new string('x', 300), Text], lines[..4]);
    }

    [Theory]
    [InlineData("de_DE.UTF-8")]
    [InlineData("tr_TR.UTF-8")]
    public async Task The_runners_own_text_is_the_same_in_every_language(string language)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows the language comes from the user's settings.");
        runner.Write("a.dib", "Console.WriteLine(1.5);");
        runner.Write("endless.dib", "while (true) { }");

        using var whole = runner.Start(["a.dib"], ("LC_ALL", language));
        using var timedOut = runner.Start(["endless.dib", "--timeout", "0.5"], ("LC_ALL", language));
        var lines = (await RunnerProcess.EndAsync(whole)).Output.Split('\n');
        var error = (await RunnerProcess.EndAsync(timedOut)).Output.Split('\n')[1];

        Assert.Equal("1,5", lines[1]);
        Assert.Matches(@"^  \d+\.\d\d s$", lines[2]);
        Assert.Equal("Timeout: cell 1 did not finish within 0.5 s.", error);
    }

    private Process StartInCodePage850()
    {
        runner.Write("run.bat", $"@chcp 850 > nul\r\n@\"{RunnerProcess.Command[0]}\" a.dib\r\n");
        return Process.Start(new ProcessStartInfo("cmd", ["/c", "run.bat"])
        {
            WorkingDirectory = runner.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        })!;
    }
}

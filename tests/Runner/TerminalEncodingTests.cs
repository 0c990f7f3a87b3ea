using System.Diagnostics;
using System.Text;

namespace Backprop.Tests.Runner;

/// <summary>What the runner writes to a terminal that is set for another language, or narrow.</summary>
public sealed class TerminalEncodingTests : IDisposable
{
    private const string Text = "→ ü ½ 漢 🎓";

    private readonly RunnerProcess runner = new();

    public void Dispose() => runner.Dispose();

    [Fact]
    public async Task Text_is_UTF_8_and_unfolded_whatever_the_code_page_and_the_width()
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

using System.Text;
using System.Text.RegularExpressions;
using Backprop.Runner.Documents;
using Backprop.Runner.Reports;

namespace Backprop.Tests.Runner.Documents;

/// <summary>Damaged notebooks: any file is read or rejected, quickly, and never changed.</summary>
public sealed partial class NotebookFuzzTests : IDisposable
{
    private const int Documents = 12_000;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "#!csharp\n", "#!c#", "#!markdown\n", "#!meta\n", "#!", "\n#!ruby\n", "#r \"nuget:\"", "\r", "\r\n", "\t", "\0", "\uFEFF", "\u2028", "😀",
            "\"", "\\", "\\ud83d", "\\u0000", "{", "}", "[", "]", ",", ":", "null", "true", "-1", "1e999", "4.0", "{}", "[]", "\"\"", "[null]", "[1]", "[[\"a\"]]",
            "\"source\":", "\"source\":{},", "\"metadata\":[],", "\"metadata\":\"x\",", "\"cell_type\":1,", "\"id\":{},", "\"nbformat\":5,", "\"nbformat_minor\":9e9,",
            "\"kernelInfo\":1,", "\"items\":{},", "\"name\":null,", "\"aliases\":[1],", "\"cells\":[],", new string('[', 500), new string('{', 3), "{\"a\":", "/*", "//", "'",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc3], [0xed, 0xa0, 0x80], [0xff, 0xfe],
    ];

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [FullScopeFact]
    public async Task A_damaged_notebook_is_read_or_rejected_and_never_changed()
    {
        var random = new Random(20240613);
        var samples = Samples.Names.Select(row => Samples.Path(row.Data)).Select(path => (Kind: Path.GetExtension(path), Bytes: File.ReadAllBytes(path))).ToList();
        var read = 0;
        for (var number = 0; number < Documents; number++)
        {
            var (kind, sample) = samples[number % samples.Count];
            var document = Damage(sample, random);
            try
            {
                read += await Task.Run(() => IsRead(kind, document)).WaitAsync(TimeLimit, TestContext.Current.CancellationToken) ? 1 : 0;
            }
            catch (Exception e)
            {
                Assert.Fail($"Document {number}, {kind}:\n{Encoding.UTF8.GetString(document)}\n{e}");
            }
        }

        // The test proves little unless both outcomes are common.
        Assert.InRange(read, Documents / 10, Documents * 9 / 10);
    }

    // A readable notebook can be written in both formats and reads back with the same cells.
    private bool IsRead(string kind, byte[] document)
    {
        var path = Path.Combine(folder, "a" + kind);
        File.WriteAllBytes(path, document);
        try
        {
            var notebook = NotebookFile.Read(path);
            var saved = IpynbFormat.Read(IpynbFormat.Write(notebook, [.. notebook.Cells.Select(cell => new ExecutedCell(cell, 1, [], default))]));
            Assert.Equal(notebook.Cells.Select(cell => (cell.Kind, cell.Source)), saved.Cells.Select(cell => (cell.Kind, cell.Source)));
            RequireDibKeepsCells(notebook);
            new HtmlReport("a", notebook.Cells, ".").Write([.. notebook.Cells.Select(cell => new ExecutedCell(cell, 1, [], default))], []);
            return true;
        }
        catch (NotebookException)
        {
            return false;
        }
        finally
        {
            Assert.Equal(document, File.ReadAllBytes(path));
            Assert.Equal([path], Directory.GetFileSystemEntries(folder));
            File.Delete(path);
        }
    }

    private static void RequireDibKeepsCells(Notebook notebook)
    {
        string dib;
        try
        {
            dib = DibFormat.Write(notebook);
        }
        catch (NotebookException)
        {
            return;
        }

        Assert.Equal(
            notebook.Cells.Select(cell => LanguageLine().Replace(cell.Source.Trim('\n'), "").Trim('\n')).Where(source => source.Length > 0),
            DibFormat.Read(dib).Cells.Select(cell => cell.Source));
    }

    private static byte[] Damage(byte[] sample, Random random)
    {
        var bytes = sample.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0:
                    bytes.RemoveRange(at, length);
                    break;
                case 1:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 2:
                    bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 4 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
            }
        }

        return [.. bytes];
    }

    // Merged into the line that starts the cell.
    [GeneratedRegex(@"\A#!(csharp|c#|markdown)\s*?(\n|\z)", RegexOptions.IgnoreCase)]
    private static partial Regex LanguageLine();
}

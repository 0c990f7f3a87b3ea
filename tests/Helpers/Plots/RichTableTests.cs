using System.Text;

namespace Backprop.Tests;

/// <summary>Tables with more rows and columns than fit.</summary>
public sealed class RichTableTests
{
    [Fact]
    public void A_table_that_fits_is_shown_completely()
    {
        var table = Numbered(60);

        Assert.Equal(62, table.ToText().Split('\n').Length);
        Assert.DoesNotContain("left out", table.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_more_rows_the_first_and_the_last_are_shown_and_the_others_counted()
    {
        var lines = Numbered(61).ToText().Split('\n');

        Assert.Equal("numbers 40 of 61 rows: the first and the last 20.", lines[0]);
        Assert.Equal("… 21 left out", lines[22]);
        Assert.StartsWith("row 41", lines[23], StringComparison.Ordinal);
        Assert.Contains("<tr><th scope=\"row\" colspan=\"2\">… 21 left out</th></tr>", Numbered(61).ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_most_significant_rows_are_chosen_and_nan_is_the_most_significant()
    {
        var places = RichTable.Choose(10_000, place => place switch { 5000 => double.NaN, 6000 => 1e9, _ => -place });

        Assert.Equal(60, places.Count);
        Assert.Equal(places.Order().Distinct(), places);
        Assert.Subset(places.ToHashSet(), new HashSet<int> { 0, 19, 20, 5000, 6000, 9980, 9999 });
    }

    [Fact]
    public void No_table_exceeds_the_maximum_size()
    {
        var text = new string('"', 5000);
        var wide = Enumerable.Repeat(text, 300).ToList();
        var table = new RichTable(text, wide, [.. Enumerable.Range(0, 500).Select(_ => new RichTable.Row(text, [.. wide.Skip(1).Select(cell => new RichTable.Cell(cell, 0.5))]))]);

        Assert.InRange(Encoding.UTF8.GetByteCount(table.ToHtml()), 50_000, RichTable.MostBytes);
        Assert.Contains("23 of 300 columns", table.ToText(), StringComparison.Ordinal);
        Assert.All(table.ToText().Split('\n'), line => Assert.InRange(line.Length, 1, 1200));
    }

    private static RichTable Numbered(int rows) =>
        new("numbers", ["row", "number"], [.. Enumerable.Range(0, rows).Select(row => new RichTable.Row($"row {row}", [new($"{row}")]))]);
}

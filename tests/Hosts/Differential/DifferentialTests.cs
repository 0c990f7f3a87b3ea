namespace Backprop.Tests.Hosts.Differential;

/// <summary>Small cells in .NET Interactive and in a session. Their outputs must be equal, except for the listed differences.</summary>
public sealed class DifferentialTests(ComparedHosts hosts) : IClassFixture<ComparedHosts>
{
    public static TheoryData<string> Files => [.. ComparedHosts.Files];

    [Theory]
    [MemberData(nameof(Files))]
    public void Cells_show_and_fail_as_in_NET_Interactive(string file)
    {
        DotnetTools.Require();
        var listed = ComparedHosts.DifferencesOf(file);

        var unexpected = hosts[file].Where(cell => cell.AreSame == listed.ContainsKey(cell.Number)).ToList();

        Assert.True(unexpected.Count == 0, $"{unexpected.Count} cells differ and are not listed, or are listed and do not differ.\n\n{string.Join('\n', unexpected)}");
    }

    [Fact]
    public void Every_listed_difference_belongs_to_a_cell_and_has_a_reason()
    {
        DotnetTools.Require();

        Assert.All(ComparedHosts.Files, file => Assert.All(ComparedHosts.DifferencesOf(file), difference =>
        {
            Assert.InRange(difference.Key, 1, hosts[file].Count);
            Assert.NotEqual("", difference.Value);
        }));
    }
}

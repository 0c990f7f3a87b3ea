namespace Backprop.Tests.Hosts.Differential;

/// <summary>A cell with its outputs in both hosts.</summary>
/// <param name="Number">The number in its file, from 1.</param>
/// <param name="Source">The code.</param>
/// <param name="Original">The outputs in .NET Interactive.</param>
/// <param name="Ours">The outputs in a session.</param>
internal sealed record ComparedCell(int Number, string Source, IReadOnlyList<ShownOutput> Original, IReadOnlyList<ShownOutput> Ours)
{
    /// <summary>Whether the outputs are equal.</summary>
    public bool AreSame => Original.Count == Ours.Count && Original.Zip(Ours).All(pair => pair.Second.Matches(pair.First));

    /// <inheritdoc/>
    public override string ToString() =>
        $"cell {Number}:\n{Source}\n.NET Interactive:\n{string.Join('\n', Original)}\nthe session:\n{string.Join('\n', Ours)}\n";
}

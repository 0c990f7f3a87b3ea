namespace Backprop.Tests.Hosts.Differential;

/// <summary>A cell with what both hosts showed.</summary>
/// <param name="Number">Its number in its file, from 1.</param>
/// <param name="Source">Its code.</param>
/// <param name="Original">What .NET Interactive showed.</param>
/// <param name="Ours">What a session showed.</param>
internal sealed record ComparedCell(int Number, string Source, IReadOnlyList<ShownOutput> Original, IReadOnlyList<ShownOutput> Ours)
{
    /// <summary>Whether both showed the same.</summary>
    public bool AreSame => Original.Count == Ours.Count && Original.Zip(Ours).All(pair => pair.Second.IsAs(pair.First));

    /// <inheritdoc/>
    public override string ToString() =>
        $"cell {Number}:\n{Source}\n.NET Interactive:\n{string.Join('\n', Original)}\nthe session:\n{string.Join('\n', Ours)}\n";
}

using Backprop.Tests.Hosts;
using Backprop.Tests.Jupyter;
using Xunit.Sdk;
using Xunit.v3;

namespace Backprop.Tests;

/// <summary>Starts the collections that take minutes before all others, so that none of them runs alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // The first is the collection of all classes that name none.
    private static readonly string[] Longest = ["Test collection for ", nameof(ImageTests), nameof(RerunsInPolyglotTests), nameof(InstalledKernel)];

    /// <inheritdoc/>
    public IReadOnlyCollection<TCollection> OrderTestCollections<TCollection>(IReadOnlyCollection<TCollection> testCollections)
        where TCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Array.FindIndex(Longest, name => collection.TestCollectionDisplayName.StartsWith(name, StringComparison.Ordinal)) is var place and >= 0 ? place : Longest.Length)];
}

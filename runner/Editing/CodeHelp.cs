using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.QuickInfo;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Tags;

namespace Backprop.Runner.Editing;

/// <summary>Helps someone who types a cell, by Roslyn's own completion and quick info.</summary>
/// <remarks>
/// Making it loads what Roslyn has for editors, which takes seconds and some 60 MiB; a session that nobody asks never does.
/// </remarks>
internal sealed class CodeHelp
{
    private readonly SubmissionProjects projects = new();

    /// <summary>Is completed when what Roslyn has for editors is loaded.</summary>
    public Task Loaded { get; } = Task.Run(LoadAsync);

    /// <summary>What can be typed at a place.</summary>
    /// <param name="next">An empty script in the cell's place, for what it sees.</param>
    /// <param name="code">The cell's code, as far as it is typed.</param>
    /// <param name="position">The place in it, in UTF-16 units.</param>
    /// <param name="cancellationToken">Calls the search off.</param>
    /// <exception cref="ArgumentOutOfRangeException">The place is not in the code.</exception>
    public async Task<CompletionList> CompleteAsync(Script next, string code, int position, CancellationToken cancellationToken)
    {
        var document = Open(next, code, position);
        var service = CompletionService.GetService(document)!;
        var list = await service.GetCompletionsAsync(document, position, cancellationToken: cancellationToken);
        if (list.ItemsList.Count == 0)
        {
            return new CompletionList(position, position, []);
        }

        var completions = new List<Completion>();
        foreach (var item in BestFirst(service, document, [.. list.ItemsList], code[list.Span.Start..position]))
        {
            var change = await service.GetChangeAsync(document, item, cancellationToken: cancellationToken);
            completions.Add(new Completion(
                change.TextChange.NewText!, item.DisplayTextPrefix + item.DisplayText + item.DisplayTextSuffix, KindOf(item)));
        }

        return new CompletionList(list.Span.Start, list.Span.End, completions);
    }

    /// <summary>What is to be said of the name at a place, or else of the function between whose parentheses the place is.</summary>
    /// <returns>Null where there is nothing to be said.</returns>
    /// <inheritdoc cref="CompleteAsync"/>
    public async Task<QuickInfo?> InspectAsync(Script next, string code, int position, CancellationToken cancellationToken)
    {
        var document = Open(next, code, position);
        var service = QuickInfoService.GetService(document)!;
        var info = await service.GetQuickInfoAsync(document, position, cancellationToken);
        if (info is null && await CalledAsync(document, position, cancellationToken) is { } called)
        {
            info = await service.GetQuickInfoAsync(document, called, cancellationToken);
        }

        return info is null ? null : QuickInfoText.Of(info);
    }

    // Most of it is the just-in-time compiler's work, so everything is used once, in a script that shares no reference with the session's.
    private static async Task LoadAsync()
    {
        const string code = "var text = \"\"; text.";
        var references = new[] { typeof(object), typeof(Enumerable), typeof(Console) }.Select(type => MetadataReference.CreateFromFile(type.Assembly.Location));
        var script = CSharpScript.Create<object>(code, ScriptOptions.Default.WithReferences(references).WithImports("System", "System.Linq"));
        var help = new SubmissionProjects().Open(script, code);
        var service = CompletionService.GetService(help)!;
        var list = await service.GetCompletionsAsync(help, code.Length);
        foreach (var item in list.ItemsList)
        {
            await service.GetChangeAsync(help, item);
        }

        service.FilterItems(help, [.. list.ItemsList], "To");
    }

    private Document Open(Script next, string code, int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, code.Length);
        return projects.Open(next, code);
    }

    private static IReadOnlyList<CompletionItem> BestFirst(
        CompletionService service, Document document, ImmutableArray<CompletionItem> items, string typed)
    {
        // Snippets, casts and operators change text beyond the place, which a front end's list cannot say.
        var rest = items.RemoveAll(item => item.IsComplexTextEdit);
        if (typed.Length == 0)
        {
            return rest;
        }

        // Roslyn picks the best matches of a list, none if nothing matches. Asked again for the rest, it gives the next best.
        var sorted = new List<CompletionItem>();
        while (service.FilterItems(document, rest, typed) is { IsEmpty: false } best)
        {
            sorted.AddRange(best);
            rest = rest.RemoveRange(best);
        }

        return sorted;
    }

    private static string KindOf(CompletionItem item) => item.Tags.FirstOrDefault() switch
    {
        null => "text",
        WellKnownTags.ExtensionMethod => "method",
        WellKnownTags.Structure => "struct",
        var tag => tag.ToLowerInvariant(),
    };

    // Where the name ends whose argument list holds the place.
    private static async Task<int?> CalledAsync(Document document, int position, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken);
        return position == 0
            ? null
            : root!.FindToken(position - 1).Parent?.FirstAncestorOrSelf<ArgumentListSyntax>()?.SpanStart;
    }
}

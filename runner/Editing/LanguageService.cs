using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.QuickInfo;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Tags;

namespace Backprop.Runner.Editing;

/// <summary>Completion and quick info for the cell being edited, by Roslyn's language services.</summary>
/// <remarks>
/// Creating it loads these services, which takes seconds and some 60 MiB, so a session does so only on the first request.
/// </remarks>
internal sealed class LanguageService
{
    private readonly SubmissionProjects projects = new();

    /// <summary>Completes when the services are loaded.</summary>
    public Task Loaded { get; } = Task.Run(LoadAsync);

    /// <summary>Returns the completions at a position.</summary>
    /// <param name="next">An empty script in place of the cell, for its references and the declarations that it sees.</param>
    /// <param name="code">The code of the cell so far.</param>
    /// <param name="position">The cursor position, in UTF-16 code units.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="ArgumentOutOfRangeException">The position is outside the code.</exception>
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

    /// <summary>Describes the name at a position, or else the function whose argument list contains the position.</summary>
    /// <returns>The description; null when there is none.</returns>
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

    // Most of the time goes to the just-in-time compiler, so this uses everything once, in a script that shares no references with the session.
    private static async Task LoadAsync()
    {
        const string code = "var text = \"\"; text.";
        var references = new[] { typeof(object), typeof(Enumerable), typeof(Console) }.Select(type => MetadataReference.CreateFromFile(type.Assembly.Location));
        var script = CSharpScript.Create<object>(code, ScriptOptions.Default.WithReferences(references).WithImports("System", "System.Linq"));
        var document = new SubmissionProjects().Open(script, code);
        var service = CompletionService.GetService(document)!;
        var list = await service.GetCompletionsAsync(document, code.Length);
        foreach (var item in list.ItemsList)
        {
            await service.GetChangeAsync(document, item);
        }

        service.FilterItems(document, [.. list.ItemsList], "To");
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
        // Snippets, casts and operators edit text elsewhere, which the completion list of a front end cannot express.
        var rest = items.RemoveAll(item => item.IsComplexTextEdit);
        if (typed.Length == 0)
        {
            return rest;
        }

        // Roslyn returns the best matches of a list, so filtering the rest again yields the next best.
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

    // The end of the name of the function whose argument list contains the position.
    private static async Task<int?> CalledAsync(Document document, int position, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken);
        return position == 0
            ? null
            : root!.FindToken(position - 1).Parent?.FirstAncestorOrSelf<ArgumentListSyntax>()?.SpanStart;
    }
}

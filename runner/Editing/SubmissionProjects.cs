using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Text;

namespace Backprop.Runner.Editing;

/// <summary>
/// A session's submissions as Roslyn's editor services want them: each a project that refers to the one before it,
/// and the cell that is being typed the last.
/// </summary>
internal sealed class SubmissionProjects
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.Parse, SourceCodeKind.Script);

    private readonly Lock updating = new();
    private Solution solution = new AdhocWorkspace().CurrentSolution;

    // The last submission that has its project, and the cell that follows it, with the references it brings along.
    private Script? last;
    private ProjectId? lastProject;
    private DocumentId? cell;
    private ImmutableArray<MetadataReference> references;

    /// <summary>The cell that is being typed.</summary>
    /// <param name="next">An empty script in its place.</param>
    /// <param name="code">Its code.</param>
    public Document Open(Script next, string code)
    {
        lock (updating)
        {
            if (cell is null || next.Previous != last || next.Options.MetadataReferences != references)
            {
                Follow(next);
            }

            // The changed solution is kept, too: what Roslyn has found out for one text spares it much for the next.
            solution = solution.WithDocumentText(cell!, SourceText.From(code));
            return solution.GetDocument(cell!)!;
        }
    }

    private void Follow(Script next)
    {
        if (cell is not null)
        {
            solution = solution.RemoveProject(cell.ProjectId);
        }

        foreach (var submission in Before(next).TakeWhile(submission => submission != last).Reverse().ToList())
        {
            lastProject = Add(submission).ProjectId;
        }

        last = next.Previous;
        cell = Add(next);
        references = next.Options.MetadataReferences;
    }

    private static IEnumerable<Script> Before(Script script)
    {
        while (script.Previous is { } previous)
        {
            yield return script = previous;
        }
    }

    private DocumentId Add(Script submission)
    {
        var compilation = submission.GetCompilation();
        var project = ProjectInfo.Create(
            ProjectId.CreateNewId(),
            VersionStamp.Default,
            compilation.AssemblyName!,
            compilation.AssemblyName!,
            LanguageNames.CSharp,
            compilationOptions: compilation.Options,
            parseOptions: ParseOptions,
            projectReferences: lastProject is null ? [] : [new ProjectReference(lastProject)],
            metadataReferences: submission.Options.MetadataReferences,
            isSubmission: true);
        var document = DocumentId.CreateNewId(project.Id);
        solution = solution.AddProject(project).AddDocument(document, "cell", SourceText.From(submission.Code));
        return document;
    }
}

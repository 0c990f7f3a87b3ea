using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Text;

namespace Backprop.Runner.Editing;

/// <summary>
/// A session's submissions in the form that Roslyn's language services need: one project per submission, each referring to the one
/// before it, with the cell being edited as the last.
/// </summary>
internal sealed class SubmissionProjects
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.Parse, SourceCodeKind.Script);

    private readonly Lock updating = new();
    private Solution solution = new AdhocWorkspace().CurrentSolution;

    // The last submission with a project, and the cell that follows it with its own references.
    private Script? last;
    private ProjectId? lastProject;
    private DocumentId? cell;
    private ImmutableArray<MetadataReference> references;

    /// <summary>Returns the document of the cell being edited.</summary>
    /// <param name="next">An empty script in place of the cell.</param>
    /// <param name="code">The code of the cell.</param>
    public Document Open(Script next, string code)
    {
        lock (updating)
        {
            if (cell is null || next.Previous != last || next.Options.MetadataReferences != references)
            {
                Follow(next);
            }

            // Keeping the changed solution lets Roslyn reuse most of its work for the next text.
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

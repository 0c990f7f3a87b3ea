using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Scripting;

namespace Backprop.Runner.Compiling;

/// <summary>A submission for the compiler, which looks at it only when it has to.</summary>
/// <remarks>
/// Roslyn's scripting names the assembly and the type of a submission differently in every process. Here the names are given, so
/// that one that was compiled before fits with those that follow.
/// </remarks>
internal sealed class SubmissionCompilation
{
    private static readonly EmitOptions Emission = new(debugInformationFormat: DebugInformationFormat.Embedded);

    private readonly SubmissionCompilation? previous;
    private readonly int depth;
    private readonly Lock compiling;
    private readonly Lazy<Script<object>> script;
    private readonly Lazy<CSharpCompilation> compilation;
    private bool isEmitted;

    /// <summary>Places a submission behind another; nothing is compiled yet.</summary>
    /// <param name="previous">The submission that it follows; null when it is the first.</param>
    /// <param name="script">Makes a script that follows the previous one's.</param>
    /// <param name="assemblyName">The name of its assembly, which no other in the session has.</param>
    /// <param name="compiling">See <see cref="SubmissionCompiler.Compiling"/>.</param>
    public SubmissionCompilation(SubmissionCompilation? previous, Func<Script<object>> script, string assemblyName, Lock compiling)
    {
        this.previous = previous;
        this.script = new Lazy<Script<object>>(script);
        this.compiling = compiling;
        depth = previous is null ? 0 : previous.depth + 1;
        AssemblyName = assemblyName;
        TypeName = $"Submission#{depth}";
        compilation = new Lazy<CSharpCompilation>(() => Link((CSharpCompilation)Script.GetCompilation()));
    }

    /// <summary>The submission as Roslyn's scripting has it.</summary>
    public Script<object> Script => script.Value;

    /// <summary>The name of its assembly.</summary>
    public string AssemblyName { get; }

    /// <summary>The name of the type that holds what the submission declares.</summary>
    public string TypeName { get; }

    /// <summary>The assemblies that the submission names, with their paths.</summary>
    public IEnumerable<(string Name, string Path)> NamedAssemblies =>
        from reference in compilation.Value.DirectiveReferences.OfType<PortableExecutableReference>()
        let assembly = compilation.Value.GetAssemblyOrModuleSymbol(reference) as IAssemblySymbol
        where assembly is not null
        select (assembly.Name, reference.FilePath!);

    /// <summary>Compiles the submission.</summary>
    /// <returns>The image, and why there is none.</returns>
    public (SubmissionImage? Image, ImmutableArray<Diagnostic> Errors) Compile(CancellationToken cancellationToken)
    {
        lock (compiling)
        {
            var errors = Errors(compilation.Value.GetParseDiagnostics(cancellationToken));
            if (!errors.IsEmpty)
            {
                return (null, errors);
            }

            using var assembly = new MemoryStream();
            var emitted = Emit(assembly, cancellationToken);
            errors = Errors(emitted.Diagnostics);
            return errors.IsEmpty
                ? (new SubmissionImage(emitted.Success ? assembly.ToArray() : [], EndsInValue(cancellationToken)), [])
                : (null, errors);
        }
    }

    /// <summary>Compiles the submission, if that has not been done in this process, so that others can follow.</summary>
    public void Prepare(CancellationToken cancellationToken)
    {
        lock (compiling)
        {
            if (!isEmitted)
            {
                Emit(Stream.Null, cancellationToken);
            }
        }
    }

    private CSharpCompilation Link(CSharpCompilation unlinked) => unlinked
        .WithAssemblyName(AssemblyName)
        .WithOptions(unlinked.Options.WithScriptClassName(TypeName))
        .WithScriptCompilationInfo(unlinked.ScriptCompilationInfo!.WithPreviousScriptCompilation(previous?.compilation.Value));

    private EmitResult Emit(Stream assembly, CancellationToken cancellationToken)
    {
        // What the compiler makes up, such as anonymous types, gets its name when it is emitted, and those that follow use it.
        previous?.Prepare(cancellationToken);
        var result = compilation.Value.Emit(assembly, options: Emission, cancellationToken: cancellationToken);
        isEmitted = true;
        return result;
    }

    private bool EndsInValue(CancellationToken cancellationToken)
    {
        var tree = compilation.Value.SyntaxTrees.Single(tree => tree.FilePath == Script.Options.FilePath);
        var root = tree.GetCompilationUnitRoot(cancellationToken);
        return ReturnsValue(root) || root.Members.LastOrDefault() is
                GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } statement }
            && compilation.Value.GetSemanticModel(tree).GetTypeInfo(statement.Expression, cancellationToken).Type?.SpecialType != SpecialType.System_Void;
    }

    // A statement of the cell's own, not of a function in it.
    private static bool ReturnsValue(CompilationUnitSyntax root) => root
        .DescendantNodes(node => node is CompilationUnitSyntax or GlobalStatementSyntax or (StatementSyntax and not LocalFunctionStatementSyntax))
        .Any(node => node is ReturnStatementSyntax { Expression: not null });

    private static ImmutableArray<Diagnostic> Errors(ImmutableArray<Diagnostic> diagnostics) =>
        [.. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
}

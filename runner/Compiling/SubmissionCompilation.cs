using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Scripting;

namespace Backprop.Runner.Compiling;

/// <summary>The compilation of a submission, created only when it is needed.</summary>
/// <remarks>
/// Roslyn's scripting names the assembly and the type of a submission differently in every process. Fixed names make a submission
/// from the compilation cache compatible with those compiled after it.
/// </remarks>
internal sealed class SubmissionCompilation
{
    // An embedded PDB would cost 350 KB of native memory that is never freed, the state of the compression.
    private static readonly EmitOptions Emission = new(debugInformationFormat: DebugInformationFormat.PortablePdb);

    private readonly SubmissionCompilation? previous;
    private readonly int depth;
    private readonly Lock compiling;
    private readonly bool concurrently;
    private readonly Lazy<Script<object>> script;
    private readonly Lazy<Compilation> compilation;

    /// <summary>Creates the compilation. Nothing is compiled yet.</summary>
    /// <param name="previous">The preceding submission; null for the first.</param>
    /// <param name="script">Creates the script.</param>
    /// <param name="assemblyName">The name of the assembly, which is unique in the session.</param>
    /// <param name="compiling">See <see cref="SubmissionCompiler.Lock"/>.</param>
    /// <param name="concurrently">Whether several threads compile it.</param>
    public SubmissionCompilation(SubmissionCompilation? previous, Func<Script<object>> script, string assemblyName, Lock compiling, bool concurrently)
    {
        this.previous = previous;
        this.script = new Lazy<Script<object>>(script);
        this.compiling = compiling;
        this.concurrently = concurrently;
        depth = previous is null ? 0 : previous.depth + 1;
        AssemblyName = assemblyName;
        TypeName = $"Submission#{depth}";
        compilation = new Lazy<Compilation>(() => Link((CSharpCompilation)Script.GetCompilation()));
    }

    /// <summary>The submission as a Roslyn script.</summary>
    public Script<object> Script => script.Value;

    /// <summary>The name of the assembly.</summary>
    public string AssemblyName { get; }

    /// <summary>The name of the type that holds the declarations of the submission.</summary>
    public string TypeName { get; }

    /// <summary>Whether this process has compiled the submission; false if it came from the compilation cache.</summary>
    public bool IsEmitted { get; private set; }

    /// <summary>The names and paths of the assemblies that the submission references with <c>#r</c>.</summary>
    public IEnumerable<(string Name, string Path)> ReferencedAssemblies =>
        from reference in compilation.Value.DirectiveReferences.OfType<PortableExecutableReference>()
        let assembly = compilation.Value.GetAssemblyOrModuleSymbol(reference) as IAssemblySymbol
        where assembly is not null
        select (assembly.Name, reference.FilePath!);

    /// <summary>Compiles the submission.</summary>
    /// <returns>The image, or the errors.</returns>
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
            using var symbols = new MemoryStream();
            var emitted = Emit(assembly, symbols, cancellationToken);
            errors = Errors(emitted.Diagnostics);
            return errors.IsEmpty
                ? (new SubmissionImage(emitted.Success ? assembly.ToArray() : [], symbols.ToArray(), EndsInValue(cancellationToken)), [])
                : (null, errors);
        }
    }

    /// <summary>Emits the submission unless this process has done so already. Later submissions can be compiled only after that.</summary>
    public void EnsureEmitted(CancellationToken cancellationToken)
    {
        lock (compiling)
        {
            if (!IsEmitted)
            {
                Emit(Stream.Null, symbols: null, cancellationToken);
            }
        }
    }

    private Compilation Link(CSharpCompilation unlinked) => unlinked
        .WithAssemblyName(AssemblyName)
        .WithOptions(unlinked.Options.WithScriptClassName(TypeName).WithConcurrentBuild(concurrently))
        .WithScriptCompilationInfo(unlinked.ScriptCompilationInfo!.WithPreviousScriptCompilation((CSharpCompilation?)previous?.compilation.Value));

    private EmitResult Emit(Stream assembly, Stream? symbols, CancellationToken cancellationToken)
    {
        // Anonymous types and the like get their names on emission, and later submissions refer to them.
        previous?.EnsureEmitted(cancellationToken);
        var result = compilation.Value.Emit(assembly, symbols, options: Emission, cancellationToken: cancellationToken);
        IsEmitted = true;
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

    // Only at the top level, not in a function.
    private static bool ReturnsValue(CompilationUnitSyntax root) => root
        .DescendantNodes(node => node is CompilationUnitSyntax or GlobalStatementSyntax or (StatementSyntax and not LocalFunctionStatementSyntax))
        .Any(node => node is ReturnStatementSyntax { Expression: not null });

    private static ImmutableArray<Diagnostic> Errors(ImmutableArray<Diagnostic> diagnostics) =>
        [.. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
}

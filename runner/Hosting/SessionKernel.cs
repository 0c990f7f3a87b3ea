using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;

namespace Backprop.Runner.Hosting;

/// <summary>The kernel that code in a session sees, for example as <see cref="Kernel.Current"/>. The session executes what is submitted to it.</summary>
internal sealed class SessionKernel : Kernel, IKernelCommandHandler<SubmitCode>, IKernelCommandHandler<RequestInput>
{
    private readonly Func<SubmitCode, KernelInvocationContext, Task> execute;
    private readonly Func<string?> readLine;

    /// <summary>Creates the kernel.</summary>
    /// <param name="execute">Executes code that a cell or an extension submits while a cell runs.</param>
    /// <param name="readLine">Prompts for a line of input.</param>
    public SessionKernel(Func<SubmitCode, KernelInvocationContext, Task> execute, Func<string?> readLine)
        : base("csharp")
    {
        this.execute = execute;
        this.readLine = readLine;
        KernelInfo.LanguageName = "C#";
        KernelInfo.LanguageVersion = "14.0";
    }

    /// <inheritdoc/>
    public Task HandleAsync(SubmitCode command, KernelInvocationContext context) => execute(command, context);

    /// <inheritdoc/>
    public Task HandleAsync(RequestInput command, KernelInvocationContext context)
    {
        context.Publish(new InputProduced(readLine(), command));
        return Task.CompletedTask;
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Backprop.Runner.Execution;

namespace Backprop.Runner.Jupyter.Installation;

/// <summary>The commands that make the kernel known to Jupyter, and unknown again.</summary>
internal static partial class InstallCommand
{
    private static readonly Option<string> Name = new("--name")
    {
        Description = "The kernel's name. A notebook that names it opens without a question.",
        HelpName = "NAME",
        DefaultValueFactory = _ => KernelPlace.DefaultName,
        Validators = { RequireKernelName },
    };

    private static readonly Option<bool> User = new("--user")
    {
        Description = "For this user alone, which is what happens without --prefix, too.",
    };

    private static readonly Option<string?> Prefix = new("--prefix")
    {
        Description = "For everyone whose Jupyter is in this folder, such as /usr/local or a virtual environment.",
        HelpName = "DIR",
    };

    /// <summary>The command <c>install</c>.</summary>
    public static Command Install() => Make("install", "Makes the kernel known to Jupyter.", async (place, cancellationToken) =>
    {
        KernelInstallation.RequireFree(place);
        Console.WriteLine($"Publishing the runner to {place.Folder}. This takes about a minute.");
        await KernelInstallation.InstallAsync(place, cancellationToken);
        Console.WriteLine($"Jupyter has the kernel '{KernelSpec.DisplayName(place.Name)}' now, by the name {place.Name}. Use it: jupyter notebook Backprop.ipynb");
    });

    /// <summary>The command <c>uninstall</c>.</summary>
    public static Command Uninstall() => Make("uninstall", "Removes the kernel that 'install' has made known.", (place, _) =>
    {
        KernelInstallation.Uninstall(place);
        Console.WriteLine($"The kernel {place.Name} is no longer in {place.Kernels}.");
        return Task.CompletedTask;
    });

    private static Command Make(string name, string description, Func<KernelPlace, CancellationToken, Task> action)
    {
        var command = new Command(name, description) { Name, User, Prefix };
        command.Validators.Add(result =>
        {
            if (result.GetValue(User) && result.GetValue(Prefix) is not null)
            {
                result.AddError("--user and --prefix name two places: give one of them.");
            }
        });
        command.SetAction((arguments, cancellationToken) => RunAsync(() => action(PlaceOf(arguments), cancellationToken)));
        return command;
    }

    private static KernelPlace PlaceOf(ParseResult arguments) =>
        arguments.GetValue(Prefix) is { } prefix
            ? KernelPlace.InPrefix(prefix, arguments.GetRequiredValue(Name))
            : KernelPlace.OfUser(arguments.GetRequiredValue(Name));

    private static async Task<int> RunAsync(Func<Task> action)
    {
        try
        {
            await action();
            return (int)RunOutcome.Completed;
        }
        catch (JupyterException e)
        {
            Console.Error.WriteLine(e.Message);
            return (int)RunOutcome.Unusable;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Cancelled. Jupyter has the kernels that it had before.");
            return (int)RunOutcome.Cancelled;
        }
    }

    // The rule is Jupyter's; '.' and '..', which it lets pass, would be other folders.
    private static void RequireKernelName(OptionResult result)
    {
        var name = result.GetValueOrDefault<string>();
        if (!KernelName().IsMatch(name) || name is "." or "..")
        {
            result.AddError($"--name '{name}': Jupyter allows letters from A to Z, digits, '-', '.' and '_' in the name of a kernel.");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9._\-]+\z")]
    private static partial Regex KernelName();
}

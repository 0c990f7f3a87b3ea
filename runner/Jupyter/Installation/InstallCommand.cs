using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Backprop.Runner.Execution;

namespace Backprop.Runner.Jupyter.Installation;

/// <summary>The commands that install the kernel and uninstall it.</summary>
internal static partial class InstallCommand
{
    private static readonly Option<string> Name = new("--name")
    {
        Description = "The name of the kernel. A notebook with this name in its metadata opens with this kernel.",
        HelpName = "NAME",
        DefaultValueFactory = _ => KernelLocation.DefaultName,
        Validators = { RequireKernelName },
    };

    private static readonly Option<bool> User = new("--user")
    {
        Description = "Install for the current user only. This is the default.",
    };

    private static readonly Option<string?> Prefix = new("--prefix")
    {
        Description = "Install for all users of the Jupyter in this folder, such as /usr/local or a virtual environment.",
        HelpName = "DIR",
    };

    /// <summary>Creates the command <c>install</c>.</summary>
    public static Command Install() => Create("install", "Installs the kernel for Jupyter.", async (location, cancellationToken) =>
    {
        KernelInstallation.RequireAvailable(location);
        Console.WriteLine($"Publishing the runner to {location.Folder}. This takes up to a minute.");
        await KernelInstallation.InstallAsync(location, cancellationToken);
        Console.WriteLine($"Installed the kernel '{KernelSpec.DisplayName(location.Name)}' as {location.Name}. Try it: jupyter notebook Backprop.ipynb");
    });

    /// <summary>Creates the command <c>uninstall</c>.</summary>
    public static Command Uninstall() => Create("uninstall", "Removes the kernel that 'install' has installed.", (location, _) =>
    {
        KernelInstallation.Uninstall(location);
        Console.WriteLine($"Removed the kernel {location.Name} from {location.KernelsFolder}.");
        return Task.CompletedTask;
    });

    private static Command Create(string name, string description, Func<KernelLocation, CancellationToken, Task> action)
    {
        var command = new Command(name, description) { Name, User, Prefix };
        command.Validators.Add(result =>
        {
            if (result.GetValue(User) && result.GetValue(Prefix) is not null)
            {
                result.AddError("--user and --prefix exclude each other: give only one of them.");
            }
        });
        command.SetAction((arguments, cancellationToken) => RunAsync(() => action(LocationOf(arguments), cancellationToken)));
        return command;
    }

    private static KernelLocation LocationOf(ParseResult arguments) =>
        arguments.GetValue(Prefix) is { } prefix
            ? KernelLocation.InPrefix(prefix, arguments.GetRequiredValue(Name))
            : KernelLocation.ForUser(arguments.GetRequiredValue(Name));

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
            return (int)RunOutcome.Error;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Cancelled. The installed kernels are unchanged.");
            return (int)RunOutcome.Cancelled;
        }
    }

    // Jupyter's own rule also allows '.' and '..', which would name other folders.
    private static void RequireKernelName(OptionResult result)
    {
        var name = result.GetValueOrDefault<string>();
        if (!KernelName().IsMatch(name) || name is "." or "..")
        {
            result.AddError($"--name '{name}': Jupyter allows only the letters A to Z, digits, '-', '.' and '_' in the name of a kernel.");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9._\-]+\z")]
    private static partial Regex KernelName();
}

using System.Text;
using Backprop.Runner;
using Backprop.Runner.Workers;

// Otherwise Windows prints a question mark for every character that the console's code page lacks.
if (OperatingSystem.IsWindows())
{
    Console.OutputEncoding = Encoding.UTF8;
}

return args is [Worker.Command, _, _, _] ? await Worker.RunAsync(args) : await CommandLine.RunAsync(args);

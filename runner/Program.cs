using System.Text;
using Backprop.Runner;
using Backprop.Runner.Workers;

// Windows would otherwise put a question mark wherever the console's old code page lacks a character.
if (OperatingSystem.IsWindows())
{
    Console.OutputEncoding = Encoding.UTF8;
}

return args is [Worker.Command, _, _, _] ? await Worker.RunAsync(args) : await CommandLine.RunAsync(args);

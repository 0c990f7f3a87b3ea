using Backprop.Runner;
using Backprop.Runner.Workers;

return args is [Worker.Command, _, _, _] ? await Worker.RunAsync(args) : await CommandLine.RunAsync(args);

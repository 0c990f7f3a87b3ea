using Backprop.Runner;

return await CommandLine.RunAsync(args);

using Xunit.Sdk;
using Xunit.v3;

// Sessions use the console and the working directory, which are shared by the whole process.
[assembly: Parallelization(Mode = ParallelMode.None)]

using Xunit.Sdk;
using Xunit.v3;

// The console and the current folder belong to the whole process, and sessions use both.
[assembly: Parallelization(Mode = ParallelMode.None)]

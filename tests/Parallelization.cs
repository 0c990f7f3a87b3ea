using Xunit.Sdk;
using Xunit.v3;

// Sessions use the console and the working directory, which are shared by the whole process: by default tests run one after another.
[assembly: Parallelization(Mode = ParallelMode.Collections)]
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]

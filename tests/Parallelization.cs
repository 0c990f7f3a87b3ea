using Xunit.Sdk;
using Xunit.v3;

// Sessions use the console and the working directory, which are shared by the whole process: by default tests run one after another.
// Beside them run the classes with [Parallel], whose processes often wait: more of them than processors.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 3)]
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]
[assembly: TestCollectionOrderer(typeof(Backprop.Tests.LongestFirst))]

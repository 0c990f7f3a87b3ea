using System.Runtime.CompilerServices;

namespace Backprop.Tests;

internal static class LibtorchLoaded
{
    [ModuleInitializer]
    internal static void Load() => Libtorch.Load();
}

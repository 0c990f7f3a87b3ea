#nullable enable
using System;
using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;

/// <summary>Where libtorch keeps what is to be known of a node of its graph.</summary>
/// <remarks>
/// Measured on libtorch 2.10.0. <c>torch::autograd::Node</c>: torch/csrc/autograd/function.h. The class name stands in the
/// run-time type information: Itanium C++ ABI 2.9, https://itanium-cxx-abi.github.io/cxx-abi/abi.html#rtti, on Linux;
/// Microsoft's complete object locator, https://www.openrce.org/articles/full_view/23, on Windows.
/// </remarks>
public sealed class NodeLayout
{
    private const string KnownVersion = "2.10.0";
    private const int VectorOnLinux = 96;
    private const int VectorOnWindows = 136;

    private NodeLayout(int nextEdges, Func<IntPtr, string> className, string library, string export)
    {
        NextEdges = nextEdges;
        ClassName = className;
        GradFnOf = Marshal.GetDelegateForFunctionPointer<Getter>(NativeLibrary.GetExport(NativeLibrary.Load(library), export));
    }

    /// <summary><c>at::TensorBase::grad_fn() const</c>: takes a tensor, gives the address of its <c>std::shared_ptr&lt;Node&gt;</c>.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate IntPtr Getter(IntPtr tensor);

    /// <summary>The layout on this system; null where nobody has measured it.</summary>
    public static NodeLayout? Current { get; } = WhyUnknown is null ? Known() : null;

    /// <summary>Why the graph cannot be read on this system; null where it can.</summary>
    public static string? WhyUnknown =>
        (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows()) || RuntimeInformation.ProcessArchitecture != Architecture.X64
            ? $"The autograd graph is not available on this platform: its layout in memory was measured on Linux and Windows for x64, not on {RuntimeInformation.RuntimeIdentifier}."
            : torch.NormalizeNuGetVersion(torch.__version__) != KnownVersion
                ? $"The autograd graph is not available: its layout in memory was measured for libtorch {KnownVersion}, and this is {torch.__version__}."
                : null;

    /// <summary>The distance from a node to its vector of edges, in bytes.</summary>
    public int NextEdges { get; }

    /// <summary>Gives a node's class, without its namespace.</summary>
    public Func<IntPtr, string> ClassName { get; }

    /// <summary>Gives the address at which a tensor keeps its node.</summary>
    public Getter GradFnOf { get; }

    /// <summary>The last part of a class name as GCC writes it: <c>ReluBackward0</c> of <c>N5torch8autograd9generated13ReluBackward0E</c>.</summary>
    public static string LastPartOfItanium(string name)
    {
        var last = name;
        for (var at = name.StartsWith('N') ? 1 : 0; at < name.Length && char.IsAsciiDigit(name[at]);)
        {
            var digits = at;
            while (digits < name.Length && char.IsAsciiDigit(name[digits]))
            {
                digits++;
            }

            var length = int.Parse(name[at..digits], CultureInfo.InvariantCulture);
            at = Math.Min(digits + length, name.Length);
            last = name[digits..at];
        }

        return last;
    }

    /// <summary>The last part of a class name as MSVC writes it: <c>ReluBackward0</c> of <c>.?AUReluBackward0@generated@autograd@torch@@</c>.</summary>
    public static string LastPartOfMicrosoft(string name)
    {
        var start = name.StartsWith(".?AU", StringComparison.Ordinal) || name.StartsWith(".?AV", StringComparison.Ordinal) ? 4 : 0;
        var part = name[start..].Split('@')[0];
        return part.StartsWith("?$", StringComparison.Ordinal) ? part[2..] : part;
    }

    private static NodeLayout Known() => OperatingSystem.IsWindows()
        ? new NodeLayout(VectorOnWindows, NameOnWindows, "torch_cpu.dll", "?grad_fn@TensorBase@at@@QEBAAEBV?$shared_ptr@UNode@autograd@torch@@@std@@XZ")
        : new NodeLayout(VectorOnLinux, NameOnLinux, "libtorch_cpu.so", "_ZNK2at10TensorBase7grad_fnEv");

    private static string NameOnLinux(IntPtr node)
    {
        var type = Marshal.ReadIntPtr(Marshal.ReadIntPtr(node), -IntPtr.Size);
        return LastPartOfItanium(Marshal.PtrToStringAnsi(Marshal.ReadIntPtr(type, IntPtr.Size))!);
    }

    private static string NameOnWindows(IntPtr node)
    {
        var locator = Marshal.ReadIntPtr(Marshal.ReadIntPtr(node), -IntPtr.Size);
        var image = locator - Marshal.ReadInt32(locator, 20);
        var type = image + Marshal.ReadInt32(locator, 12);
        return LastPartOfMicrosoft(Marshal.PtrToStringAnsi(type + 16)!);
    }
}

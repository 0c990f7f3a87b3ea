#nullable enable annotations
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;

/// <summary>The memory layout of a node of autograd's graph in libtorch.</summary>
/// <remarks>
/// Measured on libtorch 2.10.0, whose <c>torch::autograd::Node</c> (torch/csrc/autograd/function.h) begins with the pointer to its virtual table
/// and a <c>weak_ptr</c> to itself, followed by <c>sequence_nr_</c>, and contains <c>next_edges_</c>, a vector of <c>Edge</c> (torch/csrc/autograd/edge.h: a <c>shared_ptr</c> to a node, and a number).
/// The name is that of the node's class in the run-time type information: Itanium C++ ABI, 2.9.4,
/// https://itanium-cxx-abi.github.io/cxx-abi/abi.html#rtti-layout, on Linux; Microsoft's complete object locator,
/// https://www.openrce.org/articles/full_view/23, on Windows.
/// </remarks>
public sealed class NodeLayout
{
    private const int SequenceNumber = 24;
    private const int EdgeSize = 24;
    private const int InputInEdge = 16;

    private static readonly (NodeLayout? Layout, string? WhyUnknown) Here =
        On(Array.Find([OSPlatform.Linux, OSPlatform.Windows, OSPlatform.OSX], RuntimeInformation.IsOSPlatform), RuntimeInformation.ProcessArchitecture);

    private readonly int nextEdges;
    private readonly Func<IntPtr, string> nameOf;
    private readonly NodeOfTensor nodeOf;
    private readonly IsTensorView isView;

    private NodeLayout(int nextEdges, Func<IntPtr, string> nameOf, IntPtr nodeOf, IntPtr isView)
    {
        this.nextEdges = nextEdges;
        this.nameOf = nameOf;
        this.nodeOf = Marshal.GetDelegateForFunctionPointer<NodeOfTensor>(nodeOf);
        this.isView = Marshal.GetDelegateForFunctionPointer<IsTensorView>(isView);
    }

    // torch::autograd::impl::grad_fn_unsafe(const at::Tensor&): like grad_fn(), but it never throws.
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate IntPtr NodeOfTensor(IntPtr tensor);

    // at::TensorBase::is_view() const
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    [return: MarshalAs(UnmanagedType.U1)]
    private delegate bool IsTensorView(IntPtr tensor);

    /// <summary>The layout on this system; null if it has not been measured.</summary>
    public static NodeLayout? Current => Here.Layout;

    /// <summary>Why the layout is not known on this system, as a sentence; null if it is known.</summary>
    public static string? WhyUnknown => Here.WhyUnknown;

    /// <summary>Returns the node that produced a tensor, or 0.</summary>
    public IntPtr NodeOf(IntPtr tensor) => nodeOf(tensor);

    /// <summary>Returns whether a tensor is a view of another.</summary>
    public bool IsView(IntPtr tensor) => isView(tensor);

    /// <summary>Returns the class name of a node, without namespaces.</summary>
    public string NameOf(IntPtr node) => nameOf(node);

    /// <summary>Returns the position of a node in the order in which its thread recorded them; the largest number for <c>AccumulateGrad</c>.</summary>
    public static ulong SequenceNumberOf(IntPtr node) => (ulong)Marshal.ReadInt64(node, SequenceNumber);

    /// <summary>Returns the outgoing edges of a node, in order.</summary>
    public IEnumerable<IntPtr> EdgesOf(IntPtr node)
    {
        var end = Marshal.ReadIntPtr(node, nextEdges + IntPtr.Size);
        for (var edge = Marshal.ReadIntPtr(node, nextEdges); edge != end; edge += EdgeSize)
        {
            yield return edge;
        }
    }

    /// <summary>Returns the node that an edge leads to, or 0.</summary>
    public static IntPtr NodeAt(IntPtr edge) => Marshal.ReadIntPtr(edge);

    /// <summary>Returns the index of the input that an edge leads to.</summary>
    public static int InputAt(IntPtr edge) => Marshal.ReadInt32(edge, InputInEdge);

    /// <summary>Returns the last part of a class name as mangled by GCC: <c>ReluBackward0</c> of <c>N5torch8autograd9generated13ReluBackward0E</c>.</summary>
    /// <remarks>Template arguments are omitted; a name with another structure (a class inside a function) is returned unchanged.</remarks>
    public static string LastPartOfItanium(string mangled)
    {
        var last = mangled;
        var at = 0;
        while (at < mangled.Length && mangled[at] is '*' or 'N')
        {
            at++;
        }

        while (at < mangled.Length && char.IsAsciiDigit(mangled[at]))
        {
            var start = at;
            while (start < mangled.Length && char.IsAsciiDigit(mangled[start]))
            {
                start++;
            }

            var isLength = int.TryParse(mangled[at..start], NumberStyles.None, CultureInfo.InvariantCulture, out var length);
            if (!isLength || length > mangled.Length - start)
            {
                return mangled;
            }

            at = start + length;
            last = mangled[start..at];
        }

        return last;
    }

    /// <summary>Returns the last part of a class name as mangled by MSVC: <c>ReluBackward0</c> of <c>.?AUReluBackward0@generated@autograd@torch@@</c>.</summary>
    /// <remarks>Template arguments are omitted.</remarks>
    public static string LastPartOfMicrosoft(string mangled)
    {
        var isClass = mangled.StartsWith(".?AU", StringComparison.Ordinal) || mangled.StartsWith(".?AV", StringComparison.Ordinal);
        var part = mangled[(isClass ? 4 : 0)..].Split('@')[0];
        return part.StartsWith("?$", StringComparison.Ordinal) ? part[2..] : part;
    }

    /// <summary>Returns the layout on a platform, usable only if it is this one, or why it is not known. Where it has not been measured, no memory is read.</summary>
    public static (NodeLayout? Layout, string? WhyUnknown) On(OSPlatform platform, Architecture processor)
    {
        var isWindows = platform == OSPlatform.Windows;
        if (processor != Architecture.X64 || (!isWindows && platform != OSPlatform.Linux))
        {
            return (null, $"The autograd graph is not available on this platform: its memory layout in libtorch has been measured on Linux and Windows for x64, but not on {platform} for {processor}.");
        }

        if (torch.__version__ != Libtorch.Version + ".0")
        {
            return (null, $"The autograd graph is not available: its memory layout in libtorch has been measured for version {Libtorch.Version}, but this is {torch.__version__}.");
        }

        var library = isWindows ? "torch_cpu.dll" : "libtorch_cpu.so";
        var nodeOf = isWindows ? "?grad_fn_unsafe@impl@autograd@torch@@YAPEAUNode@23@AEBVTensor@at@@@Z" : "_ZN5torch8autograd4impl14grad_fn_unsafeERKN2at6TensorE";
        var isView = isWindows ? "?is_view@TensorBase@at@@QEBA_NXZ" : "_ZNK2at10TensorBase7is_viewEv";
        return NativeLibrary.TryLoad(library, out var handle)
            && NativeLibrary.TryGetExport(handle, nodeOf, out var nodeOfTensor)
            && NativeLibrary.TryGetExport(handle, isView, out var isTensorView)
                ? (new NodeLayout(isWindows ? 136 : 96, isWindows ? NameOnWindows : NameOnLinux, nodeOfTensor, isTensorView), null)
                : (null, $"The autograd graph is not available: {library} does not export {nodeOf} and {isView}.");
    }

    private static string NameOnLinux(IntPtr node)
    {
        var type = Marshal.ReadIntPtr(Marshal.ReadIntPtr(node), -IntPtr.Size);
        return LastPartOfItanium(Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(type, IntPtr.Size))!);
    }

    private static string NameOnWindows(IntPtr node)
    {
        var locator = Marshal.ReadIntPtr(Marshal.ReadIntPtr(node), -IntPtr.Size);
        var image = locator - Marshal.ReadInt32(locator, 20);
        var type = image + Marshal.ReadInt32(locator, 12);
        return LastPartOfMicrosoft(Marshal.PtrToStringUTF8(type + 16)!);
    }
}

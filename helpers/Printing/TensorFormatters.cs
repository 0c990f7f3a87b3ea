#nullable enable annotations
using System;
using System.IO;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>Makes notebooks show the value of a cell that is a tensor as PyTorch prints it.</summary>
public static class TensorFormatters
{
    /// <summary>Registers formatters for plain text and HTML, in place of TorchSharp's own. Does nothing without .NET Interactive's formatters.</summary>
    public static void Register()
    {
        // Looked up by name, so that the helpers compile in hosts without this assembly.
        var register = Type.GetType("Microsoft.DotNet.Interactive.Formatting.Formatter, Microsoft.DotNet.Interactive.Formatting")
            ?.GetMethod("Register", new[] { typeof(Type), typeof(Action<object, TextWriter>), typeof(string) });
        register?.Invoke(null, new object[] { typeof(Tensor), Writer(TensorText.repr), "text/plain" });
        register?.Invoke(null, new object[] { typeof(Tensor), Writer(TensorText.ToHtml), "text/html" });
    }

    private static Action<object, TextWriter> Writer(Func<Tensor, string> format) => (value, writer) => writer.Write(format((Tensor)value));
}

#nullable enable annotations
using System;
using System.IO;
using Tensor = TorchSharp.torch.Tensor;

/// <summary>Has a notebook show a tensor that is a cell's value as PyTorch prints it.</summary>
public static class TensorFormatters
{
    /// <summary>Registers the forms as plain text and as HTML, for which TorchSharp brings others of its own. Without .NET Interactive's formatters, does nothing.</summary>
    public static void Register()
    {
        // Looked up by name, so that hosts which lack this assembly can compile the helpers.
        var register = Type.GetType("Microsoft.DotNet.Interactive.Formatting.Formatter, Microsoft.DotNet.Interactive.Formatting")
            ?.GetMethod("Register", new[] { typeof(Type), typeof(Action<object, TextWriter>), typeof(string) });
        register?.Invoke(null, new object[] { typeof(Tensor), Writer(TensorText.repr), "text/plain" });
        register?.Invoke(null, new object[] { typeof(Tensor), Writer(TensorText.ToHtml), "text/html" });
    }

    private static Action<object, TextWriter> Writer(Func<Tensor, string> form) => (value, writer) => writer.Write(form((Tensor)value));
}

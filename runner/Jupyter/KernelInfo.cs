using System.Reflection;
using System.Text.Json.Nodes;
using Backprop.Runner.Documents;

namespace Backprop.Runner.Jupyter;

/// <summary>The description of the kernel.</summary>
internal static class KernelInfo
{
    /// <summary>The content of a <c>kernel_info_reply</c>.</summary>
    public static JsonObject Content => new()
    {
        ["status"] = "ok",
        ["protocol_version"] = Message.ProtocolVersion,
        ["implementation"] = "backprop",
        ["implementation_version"] = typeof(KernelInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
        ["language_info"] = NotebookLanguage.CSharp,
        ["banner"] = $"C# 14 on .NET {Environment.Version}",
        ["help_links"] = new JsonArray(),
    };
}

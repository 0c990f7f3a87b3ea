using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Backprop.Runner.Jupyter.Installation;

/// <summary>
/// The file by which Jupyter knows a kernel; its form is described in
/// <see href="https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs"/>.
/// </summary>
internal static class KernelSpec
{
    /// <summary>The name of the file in the kernel's folder.</summary>
    public const string FileName = "kernel.json";

    private const string Mark = "installed_by";
    private static readonly string Us = typeof(KernelSpec).Assembly.GetName().Name!;

    // Jupyter may have another PATH. The framework that runs this lies in shared/Microsoft.NETCore.App/VERSION, beside the program that starts it.
    private static readonly string Dotnet = Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <summary>The name that Jupyter shows.</summary>
    public static string DisplayName(string name) => name == KernelPlace.DefaultName ? ".NET (C#)" : $".NET (C#), {name}";

    /// <summary>The text of the file.</summary>
    /// <param name="name">The kernel's name.</param>
    /// <param name="program">The path of the runner's assembly.</param>
    /// <exception cref="JupyterException">The program that starts .NET is not where it has to be.</exception>
    public static string Text(string name, string program)
    {
        if (!File.Exists(Dotnet))
        {
            throw new JupyterException($"{Dotnet}: there is no such file, but this is where the running .NET has its program 'dotnet'. Run this with an installed .NET.");
        }

        var spec = new JsonObject
        {
            ["argv"] = new JsonArray(Dotnet, program, "jupyter", "run", "{connection_file}"),
            ["display_name"] = DisplayName(name),
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
            ["env"] = new JsonObject { ["DOTNET_HOST_PATH"] = Dotnet },
            ["metadata"] = new JsonObject { [Mark] = Us },
        };
        return spec.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    /// <summary>Whether the kernel in a folder was installed by this program.</summary>
    public static bool IsOurs(string folder)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(Path.Combine(folder, FileName)))?["metadata"]?[Mark] is JsonValue mark && mark.ToString() == Us;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}

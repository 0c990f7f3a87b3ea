using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Backprop.Runner.Jupyter.Installation;

/// <summary>
/// The kernel spec, the file that describes a kernel to Jupyter:
/// <see href="https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs"/>.
/// </summary>
internal static class KernelSpec
{
    /// <summary>The name of the file in the kernel's folder.</summary>
    public const string FileName = "kernel.json";

    private const string InstallerKey = "installed_by";
    private static readonly string Installer = typeof(KernelSpec).Assembly.GetName().Name!;

    // An absolute path, because Jupyter's PATH may differ. The runtime is in shared/Microsoft.NETCore.App/VERSION below the folder of 'dotnet'.
    private static readonly string Dotnet = Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <summary>Returns the name that Jupyter shows.</summary>
    public static string DisplayName(string name) => name == KernelLocation.DefaultName ? ".NET (C#)" : $".NET (C#), {name}";

    /// <summary>Returns the content of the file.</summary>
    /// <param name="name">The name of the kernel.</param>
    /// <param name="program">The path of the runner's assembly.</param>
    /// <exception cref="JupyterException">The <c>dotnet</c> executable is missing.</exception>
    public static string Text(string name, string program)
    {
        if (!File.Exists(Dotnet))
        {
            throw new JupyterException($"{Dotnet}: there is no such file, but the kernel needs the 'dotnet' executable of the .NET that runs this command. Run the command with an installed .NET.");
        }

        var spec = new JsonObject
        {
            ["argv"] = new JsonArray(Dotnet, program, "jupyter", "run", "{connection_file}"),
            ["display_name"] = DisplayName(name),
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
            ["env"] = new JsonObject { ["DOTNET_HOST_PATH"] = Dotnet },
            ["metadata"] = new JsonObject { [InstallerKey] = Installer },
        };
        return spec.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    /// <summary>Returns whether this program installed the kernel in a folder.</summary>
    public static bool IsOurs(string folder)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(Path.Combine(folder, FileName)))?["metadata"]?[InstallerKey] is JsonValue installer && installer.ToString() == Installer;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}

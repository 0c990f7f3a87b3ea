using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Backprop.Runner.Platform;

namespace Backprop.Runner.Packages;

/// <summary>A file that stores the result of a restore.</summary>
internal static class RestoreResultFile
{
    /// <summary>Returns the path of the file for a restore.</summary>
    /// <param name="folder">The folder of the files.</param>
    /// <param name="key">Everything that can change the result of the restore.</param>
    public static string PathIn(string folder, IEnumerable<string?> key) =>
        Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', key)))) + ".json");

    /// <summary>Reads a result; returns null when the file is missing, unreadable or invalid.</summary>
    public static T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), type);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes a result.</summary>
    public static void Write<T>(string path, T result, JsonTypeInfo<T> type) => AtomicFile.Write(path, JsonSerializer.Serialize(result, type));
}

/// <summary>The content of such files.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ResolvedPackages))]
[JsonSerializable(typeof(Dictionary<string, ResolvedPackages>), TypeInfoPropertyName = "ByPlatform")]
internal sealed partial class RestoreResultJson : JsonSerializerContext;

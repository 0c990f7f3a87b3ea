using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Backprop.Runner.Packages;

/// <summary>A file that remembers what came of a restore.</summary>
internal static class PackageEntry
{
    /// <summary>Where a restore is remembered.</summary>
    /// <param name="folder">The folder of all such files.</param>
    /// <param name="parts">Whatever can change the outcome of the restore.</param>
    public static string PathIn(string folder, IEnumerable<string?> parts) =>
        Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)))) + ".json");

    /// <summary>What is remembered; null when there is nothing that could be read.</summary>
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

    /// <summary>Remembers something.</summary>
    public static void Write<T>(string path, T outcome, JsonTypeInfo<T> type) => AtomicFile.Write(path, JsonSerializer.Serialize(outcome, type));
}

/// <summary>What such files hold.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ResolvedPackages))]
[JsonSerializable(typeof(Dictionary<string, ResolvedPackages>), TypeInfoPropertyName = "BySystem")]
internal sealed partial class PackageEntries : JsonSerializerContext;

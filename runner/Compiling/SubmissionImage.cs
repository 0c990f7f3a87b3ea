using System.Security.Cryptography;

namespace Backprop.Runner.Compiling;

/// <summary>The result of compiling a submission.</summary>
/// <param name="Assembly">The assembly with embedded debug information; empty when there is nothing to run.</param>
/// <param name="EndsInValue">Whether the submission ends in an expression whose value is displayed.</param>
internal sealed record SubmissionImage(byte[] Assembly, bool EndsInValue)
{
    /// <summary>Serializes the image: the SHA-256 hash of the rest, one byte for <see cref="EndsInValue"/>, and the assembly.</summary>
    public byte[] ToBytes()
    {
        byte[] content = [Convert.ToByte(EndsInValue), .. Assembly];
        return [.. SHA256.HashData(content), .. content];
    }

    /// <summary>Deserializes an image; returns null when the bytes are incomplete or damaged.</summary>
    public static SubmissionImage? FromBytes(byte[] bytes)
    {
        var content = bytes.AsSpan(Math.Min(SHA256.HashSizeInBytes, bytes.Length));
        return content.Length > 0 && bytes.AsSpan().StartsWith(SHA256.HashData(content))
            ? new SubmissionImage(content[1..].ToArray(), content[0] != 0)
            : null;
    }
}

using System.Security.Cryptography;

namespace Backprop.Runner.Compiling;

/// <summary>The result of compiling a submission.</summary>
/// <param name="Assembly">The assembly; empty when there is nothing to run.</param>
/// <param name="Symbols">Its portable PDB, from which errors get their line numbers.</param>
/// <param name="EndsInValue">Whether the submission ends in an expression whose value is displayed.</param>
internal sealed record SubmissionImage(byte[] Assembly, byte[] Symbols, bool EndsInValue)
{
    private const int HeaderSize = sizeof(bool) + sizeof(int);

    /// <summary>Serializes the image: the SHA-256 hash of the rest, one byte for <see cref="EndsInValue"/>, the length of the assembly, the assembly, and the symbols.</summary>
    public byte[] ToBytes()
    {
        byte[] content = [Convert.ToByte(EndsInValue), .. BitConverter.GetBytes(Assembly.Length), .. Assembly, .. Symbols];
        return [.. SHA256.HashData(content), .. content];
    }

    /// <summary>Deserializes an image; returns null when the bytes are incomplete or damaged.</summary>
    public static SubmissionImage? FromBytes(byte[] bytes)
    {
        var content = bytes.AsSpan(Math.Min(SHA256.HashSizeInBytes, bytes.Length));
        if (content.Length < HeaderSize || !bytes.AsSpan().StartsWith(SHA256.HashData(content)))
        {
            return null;
        }

        var symbols = HeaderSize + BitConverter.ToInt32(content[sizeof(bool)..]);
        return new SubmissionImage(content[HeaderSize..symbols].ToArray(), content[symbols..].ToArray(), content[0] != 0);
    }
}

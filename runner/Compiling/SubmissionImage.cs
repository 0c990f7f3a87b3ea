using System.Security.Cryptography;

namespace Backprop.Runner.Compiling;

/// <summary>What a submission was compiled to.</summary>
/// <param name="Assembly">The assembly's file, with its debug information in it; empty when there is nothing to run.</param>
/// <param name="EndsInValue">Whether it ends in an expression whose value is to be shown.</param>
internal sealed record SubmissionImage(byte[] Assembly, bool EndsInValue)
{
    /// <summary>The image as the bytes of a file: the SHA-256 of the rest, one byte that says whether it ends in a value, and the assembly.</summary>
    public byte[] ToBytes()
    {
        byte[] content = [Convert.ToByte(EndsInValue), .. Assembly];
        return [.. SHA256.HashData(content), .. content];
    }

    /// <summary>The image in the bytes of a file; null when they are not all there, or others.</summary>
    public static SubmissionImage? FromBytes(byte[] bytes)
    {
        var content = bytes.AsSpan(Math.Min(SHA256.HashSizeInBytes, bytes.Length));
        return content.Length > 0 && bytes.AsSpan().StartsWith(SHA256.HashData(content))
            ? new SubmissionImage(content[1..].ToArray(), content[0] != 0)
            : null;
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backprop.Runner.Documents;
using NetMQ;

namespace Backprop.Runner.Jupyter;

/// <summary>
/// Messages as frames on a socket: identities, a mark, the signature, then header, parent, metadata and content as JSON, and buffers:
/// https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol.
/// </summary>
/// <param name="key">The secret that messages are signed with (HMAC-SHA256 over the four JSON frames); empty when they are not signed.</param>
internal sealed class WireFormat(string key)
{
    private const int SignedFrames = 4;

    private static readonly byte[] Mark = "<IDS|MSG>"u8.ToArray();
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] secret = Encoding.UTF8.GetBytes(key);

    /// <summary>Reads a message that came in.</summary>
    /// <exception cref="InvalidMessageException">It is not whole, not signed with the secret, or not JSON.</exception>
    public Message Read(NetMQMessage frames)
    {
        var parts = frames.Select(frame => frame.ToByteArray()).ToList();
        var mark = parts.FindIndex(part => part.AsSpan().SequenceEqual(Mark));
        if (mark < 0 || parts.Count < mark + 2 + SignedFrames)
        {
            throw new InvalidMessageException("it is not made of the frames that a message has.");
        }

        var signed = parts.GetRange(mark + 2, SignedFrames);
        if (!CryptographicOperations.FixedTimeEquals(Sign(signed), parts[mark + 1]))
        {
            throw new InvalidMessageException("its signature is wrong.");
        }

        var message = new Message(parts[..mark], Parse(signed[0]), Parse(signed[1]), Parse(signed[3]));
        _ = message.Type;
        return message;
    }

    /// <summary>Writes a message that is to go out.</summary>
    public NetMQMessage Write(Message message)
    {
        var signed = new[] { message.Header, message.Parent, [], message.Content }
            .Select(json => JsonSerializer.SerializeToUtf8Bytes(json)).ToList();
        return new NetMQMessage([.. message.Identities.Append(Mark).Append(Sign(signed)).Concat(signed).Select(part => new NetMQFrame(part))]);
    }

    private byte[] Sign(IEnumerable<byte[]> parts)
    {
        if (secret.Length == 0)
        {
            return [];
        }

        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        foreach (var part in parts)
        {
            hash.AppendData(part);
        }

        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static JsonObject Parse(byte[] part)
    {
        try
        {
            return StrictJson.Parse(StrictUtf8.GetString(part)) as JsonObject ?? throw new InvalidMessageException("a part of it is no JSON object.");
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            throw new InvalidMessageException($"a part of it is not JSON: {e.Message}");
        }
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backprop.Runner.Documents;
using NetMQ;

namespace Backprop.Runner.Jupyter;

/// <summary>
/// The wire format of messages: identities, a delimiter, the signature, then header, parent, metadata and content as JSON, and buffers:
/// https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol.
/// </summary>
/// <param name="key">The secret key of the signature (HMAC-SHA256 of the four JSON frames); empty when messages are not signed.</param>
internal sealed class WireFormat(string key)
{
    private const int SignedFrames = 4;

    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] secret = Encoding.UTF8.GetBytes(key);

    /// <summary>Parses a message.</summary>
    /// <exception cref="InvalidMessageException">The message is incomplete, wrongly signed or not JSON.</exception>
    public Message Read(NetMQMessage frames)
    {
        var parts = frames.Select(frame => frame.ToByteArray()).ToList();
        var delimiter = parts.FindIndex(part => part.AsSpan().SequenceEqual(Delimiter));
        if (delimiter < 0 || parts.Count < delimiter + 2 + SignedFrames)
        {
            throw new InvalidMessageException("it does not have the frames of a message.");
        }

        var signed = parts.GetRange(delimiter + 2, SignedFrames);
        if (!CryptographicOperations.FixedTimeEquals(Sign(signed), parts[delimiter + 1]))
        {
            throw new InvalidMessageException("its signature is wrong.");
        }

        var message = new Message(parts[..delimiter], Parse(signed[0]), Parse(signed[1]), Parse(signed[3]));
        _ = message.Type;
        return message;
    }

    /// <summary>Returns the frames of a message.</summary>
    public NetMQMessage Write(Message message)
    {
        var signed = new[] { message.Header, message.Parent, [], message.Content }
            .Select(json => JsonSerializer.SerializeToUtf8Bytes(json)).ToList();
        return new NetMQMessage([.. message.Identities.Append(Delimiter).Append(Sign(signed)).Concat(signed).Select(part => new NetMQFrame(part))]);
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
            return StrictJson.Parse(StrictUtf8.GetString(part)) as JsonObject ?? throw new InvalidMessageException("one of its frames is not a JSON object.");
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            throw new InvalidMessageException($"one of its frames is not valid JSON: {e.Message}");
        }
    }
}

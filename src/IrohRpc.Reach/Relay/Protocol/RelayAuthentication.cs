using System.Diagnostics.CodeAnalysis;
using IrohRpc.Hashing;

namespace IrohRpc.Reach.Relay.Protocol;

/// <summary>How a client proves its id to a relay: it signs what is derived from the relay's challenge.</summary>
internal static class RelayAuthentication
{
    /// <summary>The length of a client's proof with its type, in bytes.</summary>
    public const int MessageLength = 1 + EndpointId.Size + 1 + SecretKey.SignatureSize;

    private const string Context = "iroh-relay handshake v1 challenge signature";

    /// <summary>Writes the proof.</summary>
    public static byte[] Prove(SecretKey key, ReadOnlySpan<byte> challenge)
    {
        var message = new byte[MessageLength];
        message[0] = (byte)RelayFrameType.ClientAuth;
        key.Id.CopyTo(message.AsSpan(1));
        message[1 + EndpointId.Size] = SecretKey.SignatureSize;
        Span<byte> signed = stackalloc byte[Blake3.HashSize];
        Blake3KeyDerivation.DeriveKey(Context, challenge, signed);
        key.Sign(signed).CopyTo(message.AsSpan(1 + EndpointId.Size + 1));
        return message;
    }

    /// <summary>Checks a proof.</summary>
    /// <param name="message">A message of the client's.</param>
    /// <param name="challenge">The challenge that it had.</param>
    /// <param name="id">Who it is.</param>
    /// <param name="problem">Why it is not let in.</param>
    public static bool TryVerify(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> challenge, out EndpointId id, [NotNullWhen(false)] out string? problem)
    {
        id = default;
        if (message.Length != MessageLength
            || message[0] != (byte)RelayFrameType.ClientAuth
            || message[1 + EndpointId.Size] != SecretKey.SignatureSize)
        {
            problem = "the first frame is no authentication";
            return false;
        }

        id = new EndpointId(message.Slice(1, EndpointId.Size));
        Span<byte> signed = stackalloc byte[Blake3.HashSize];
        Blake3KeyDerivation.DeriveKey(Context, challenge, signed);
        if (!id.Verify(signed, message[(1 + EndpointId.Size + 1)..]))
        {
            problem = "the signature is not valid";
            return false;
        }

        problem = null;
        return true;
    }
}

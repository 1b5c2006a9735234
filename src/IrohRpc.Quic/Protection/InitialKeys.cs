using System.Security.Cryptography;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Packets;

namespace IrohRpc.Quic.Protection;

/// <summary>The keys of Initial packets, which anybody can derive from the client's first destination connection id (RFC 9001, section 5.2).</summary>
internal static class InitialKeys
{
    private static ReadOnlySpan<byte> Salt
        => [0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a];

    /// <summary>Derives both directions.</summary>
    /// <param name="destination">The destination connection id of the client's first Initial, or of its first one after a Retry.</param>
    /// <param name="isServer">Whether the keys are for the server.</param>
    public static (SealingKeys Sealing, OpeningKeys Opening) Derive(in ConnectionId destination, bool isServer)
    {
        Span<byte> client = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> server = stackalloc byte[SHA256.HashSizeInBytes];
        DeriveSecrets(destination, client, server);
        CipherSuite suite = CipherSuite.Aes128Gcm;
        return (new SealingKeys(suite, isServer ? server : client), new OpeningKeys(suite, isServer ? client : server));
    }

    internal static void DeriveSecrets(in ConnectionId destination, Span<byte> client, Span<byte> server)
    {
        Span<byte> initial = stackalloc byte[SHA256.HashSizeInBytes];
        HKDF.Extract(HashAlgorithmName.SHA256, destination.Span, Salt, initial);
        HkdfLabel.Expand(HashAlgorithmName.SHA256, initial, "client in", [], client);
        HkdfLabel.Expand(HashAlgorithmName.SHA256, initial, "server in", [], server);
    }
}

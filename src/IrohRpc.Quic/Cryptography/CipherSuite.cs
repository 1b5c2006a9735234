using System.Security.Cryptography;

namespace IrohRpc.Quic.Cryptography;

/// <summary>A cipher suite of TLS 1.3 (RFC 8446, appendix B.4) and the sizes that it decides.</summary>
internal sealed class CipherSuite
{
    /// <summary>The length of an authentication tag, in bytes: the same for all suites.</summary>
    public const int TagLength = 16;

    /// <summary>The length of an initialization vector, in bytes: the same for all suites.</summary>
    public const int IvLength = 12;

    /// <summary>TLS_AES_128_GCM_SHA256, which Initial packets always use.</summary>
    public static readonly CipherSuite Aes128Gcm = new(0x1301, "TLS_AES_128_GCM_SHA256", 16, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);

    /// <summary>TLS_AES_256_GCM_SHA384.</summary>
    public static readonly CipherSuite Aes256Gcm = new(0x1302, "TLS_AES_256_GCM_SHA384", 32, HashAlgorithmName.SHA384, SHA384.HashSizeInBytes);

    /// <summary>TLS_CHACHA20_POLY1305_SHA256.</summary>
    public static readonly CipherSuite ChaCha20Poly1305 = new(0x1303, "TLS_CHACHA20_POLY1305_SHA256", 32, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);

    private CipherSuite(ushort code, string name, int keyLength, HashAlgorithmName hash, int hashLength)
    {
        Code = code;
        Name = name;
        KeyLength = keyLength;
        Hash = hash;
        HashLength = hashLength;
    }

    /// <summary>The number that TLS gives the suite.</summary>
    public ushort Code { get; }

    /// <summary>The name that TLS gives the suite.</summary>
    public string Name { get; }

    /// <summary>The length of a packet or header protection key, in bytes.</summary>
    public int KeyLength { get; }

    /// <summary>The hash of the key schedule.</summary>
    public HashAlgorithmName Hash { get; }

    /// <summary>The length of <see cref="Hash"/> and so of each secret, in bytes.</summary>
    public int HashLength { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

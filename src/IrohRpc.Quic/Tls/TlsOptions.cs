using System.Runtime.Intrinsics.X86;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls.Authentication;
using IrohRpc.Quic.Tls.Keys;
using IrohRpc.Quic.Tls.Messages;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;

namespace IrohRpc.Quic.Tls;

/// <summary>What both sides of a handshake can be told.</summary>
internal abstract class TlsOptions
{
    /// <summary>The cipher suites of a handshake that is not told others: AES in hardware is faster than ChaCha20, in software it is slower.</summary>
    public static readonly IReadOnlyList<CipherSuite> DefaultSuites = Aes.IsSupported || ArmAes.IsSupported
        ? [CipherSuite.Aes128Gcm, CipherSuite.Aes256Gcm, CipherSuite.ChaCha20Poly1305]
        : [CipherSuite.ChaCha20Poly1305, CipherSuite.Aes128Gcm, CipherSuite.Aes256Gcm];

    private static readonly NamedGroup[] DefaultGroups = [NamedGroup.X25519, NamedGroup.Secp256r1];

    /// <summary>What this side shows of itself.</summary>
    public required TlsIdentity Identity { get; init; }

    /// <summary>The application protocols, first preferred. The server's order decides.</summary>
    public required IReadOnlyList<string> Alpns { get; init; }

    /// <summary>This side's transport parameters, encoded.</summary>
    public required ReadOnlyMemory<byte> TransportParameters { get; init; }

    /// <summary>The certificate types to show and to accept, first preferred; null for all that the identity has.</summary>
    public IReadOnlyList<CertificateType>? CertificateTypes { get; init; }

    /// <summary>The cipher suites, first preferred. The client's order decides.</summary>
    public IReadOnlyList<CipherSuite> CipherSuites { get; init; } = DefaultSuites;

    /// <summary>The groups for key exchange, first preferred. A client sends a key for the first.</summary>
    public IReadOnlyList<NamedGroup> Groups { get; init; } = DefaultGroups;

    /// <summary>The clock by which certificates and tickets are valid.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where random bytes come from. Nothing but tests has a reason to set it.</summary>
    public RandomFill Random { get; init; } = System.Security.Cryptography.RandomNumberGenerator.Fill;

    /// <summary>The certificate types in effect.</summary>
    internal IReadOnlyList<CertificateType> EffectiveCertificateTypes => CertificateTypes ?? Identity.Types;
}

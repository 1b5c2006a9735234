using System.Security.Cryptography;

namespace IrohRpc.Quic.Packets;

/// <summary>Versions of QUIC as they stand in long headers (RFC 9000, section 15).</summary>
internal static class QuicVersion
{
    /// <summary>Not a version: it marks a Version Negotiation packet.</summary>
    public const uint Negotiation = 0;

    /// <summary>RFC 9000.</summary>
    public const uint Version1 = 1;

    /// <summary>Whether packets of a version can be read here.</summary>
    public static bool IsSupported(uint version) => version == Version1;

    /// <summary>Whether a version is of the form 0x?a?a?a?a, reserved for exercising version negotiation.</summary>
    public static bool IsReserved(uint version) => (version & 0x0f0f0f0f) == 0x0a0a0a0a;

    /// <summary>A random reserved version, which no peer may take for one that it knows.</summary>
    public static uint CreateReserved()
    {
        Span<byte> random = stackalloc byte[4];
        RandomNumberGenerator.Fill(random);
        return (BitConverter.ToUInt32(random) & 0xf0f0f0f0) | 0x0a0a0a0a;
    }
}

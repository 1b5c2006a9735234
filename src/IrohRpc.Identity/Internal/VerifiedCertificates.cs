using System.Buffers.Binary;

namespace IrohRpc.Identity.Internal;

/// <summary>
/// Certificates whose signatures were found good lately, and whom they name. A peer shows the same certificate in each handshake, and
/// bytes that were good stay good, so that only what depends on the time has to be checked again.
/// </summary>
/// <remarks>
/// A fixed number of places, each with the last certificate that fell to it: nothing to evict, nothing to lock. Only what passed is remembered, under a
/// hash that nobody can make collide, so that a stranger can at most cost others one verification more. Thread-safe.
/// </remarks>
internal sealed class VerifiedCertificates
{
    /// <summary>How many certificates are remembered at most; a power of two.</summary>
    public const int Capacity = 1024;

    private readonly Entry?[] _entries = new Entry?[Capacity];

    /// <summary>What this process has verified.</summary>
    public static VerifiedCertificates Shared { get; } = new();

    /// <summary>Whom a certificate names that was verified before.</summary>
    /// <param name="certificate">The hash of its encoding (SHA-256).</param>
    /// <returns>The identity, or null where it is to be verified.</returns>
    public EndpointId? Find(ReadOnlySpan<byte> certificate)
        => Volatile.Read(ref _entries[PlaceOf(certificate)]) is { } entry && certificate.SequenceEqual(entry.Hash) ? entry.Id : null;

    /// <summary>Remembers a certificate whose signatures are good.</summary>
    /// <param name="certificate">The hash of its encoding (SHA-256).</param>
    /// <param name="id">Whom it names.</param>
    public void Add(ReadOnlySpan<byte> certificate, EndpointId id)
        => Volatile.Write(ref _entries[PlaceOf(certificate)], new Entry(certificate.ToArray(), id));

    private static int PlaceOf(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt16LittleEndian(hash) & (Capacity - 1);

    private sealed record Entry(byte[] Hash, EndpointId Id);
}

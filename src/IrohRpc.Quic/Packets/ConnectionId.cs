using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace IrohRpc.Quic.Packets;

/// <summary>A connection id of QUIC version 1: up to 20 opaque bytes, held in place.</summary>
internal readonly struct ConnectionId : IEquatable<ConnectionId>
{
    /// <summary>The most bytes that version 1 allows (RFC 9000, section 17.2).</summary>
    public const int MaxLength = 20;

    private readonly Bytes _bytes;
    private readonly byte _length;

    /// <summary>Copies an id.</summary>
    /// <param name="bytes">At most <see cref="MaxLength"/> bytes.</param>
    public ConnectionId(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, MaxLength);
        bytes.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<Bytes, byte>(ref _bytes), MaxLength));
        _length = (byte)bytes.Length;
    }

    /// <summary>The number of bytes.</summary>
    public int Length => _length;

    /// <summary>The bytes, valid for as long as the variable that holds the id.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Span
        => MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<Bytes, byte>(ref Unsafe.AsRef(in _bytes)), _length);

    /// <summary>Makes an id that nobody can predict.</summary>
    public static ConnectionId CreateRandom(int length)
    {
        Span<byte> bytes = stackalloc byte[MaxLength];
        RandomNumberGenerator.Fill(bytes[..length]);
        return new ConnectionId(bytes[..length]);
    }

    public static bool operator ==(ConnectionId left, ConnectionId right) => left.Equals(right);

    public static bool operator !=(ConnectionId left, ConnectionId right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(ConnectionId other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ConnectionId other && Equals(other);

    /// <summary>A hash that is seeded per process, because a client chooses the first id and must not choose the bucket.</summary>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>Lower-case hexadecimal, as qlog writes ids.</summary>
    public override string ToString() => Convert.ToHexStringLower(Span);

    [InlineArray(MaxLength)]
    private struct Bytes
    {
        private byte _first;
    }
}

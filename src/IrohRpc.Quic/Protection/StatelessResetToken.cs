using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IrohRpc.Quic.Packets;

namespace IrohRpc.Quic.Protection;

/// <summary>A stateless reset token (RFC 9000, section 10.3), held in place.</summary>
internal readonly struct StatelessResetToken : IEquatable<StatelessResetToken>
{
    // Two halves: a 128-bit integer would have every structure that holds one aligned to 16 bytes.
    private readonly ulong _first;
    private readonly ulong _second;

    /// <summary>Copies a token of <see cref="StatelessReset.TokenLength"/> bytes.</summary>
    public StatelessResetToken(ReadOnlySpan<byte> bytes)
    {
        _first = MemoryMarshal.Read<ulong>(bytes[..sizeof(ulong)]);
        _second = MemoryMarshal.Read<ulong>(bytes[sizeof(ulong)..StatelessReset.TokenLength]);
    }

    /// <summary>Writes the token.</summary>
    public void CopyTo(Span<byte> destination)
    {
        MemoryMarshal.Write(destination, in _first);
        MemoryMarshal.Write(destination[sizeof(ulong)..], in _second);
    }

    /// <summary>Whether a datagram that could not be opened ends with this token, in constant time.</summary>
    public bool Matches(ReadOnlySpan<byte> datagram)
    {
        Span<byte> token = stackalloc byte[StatelessReset.TokenLength];
        CopyTo(token);
        return StatelessReset.Matches(datagram, token);
    }

    /// <inheritdoc/>
    public bool Equals(StatelessResetToken other) => _first == other._first && _second == other._second;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is StatelessResetToken other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_first, _second);
}

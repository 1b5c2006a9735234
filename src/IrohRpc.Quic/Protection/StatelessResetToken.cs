using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IrohRpc.Quic.Packets;

namespace IrohRpc.Quic.Protection;

/// <summary>A stateless reset token (RFC 9000, section 10.3), held in place.</summary>
internal readonly struct StatelessResetToken : IEquatable<StatelessResetToken>
{
    private readonly UInt128 _bytes;

    /// <summary>Copies a token of <see cref="StatelessReset.TokenLength"/> bytes.</summary>
    public StatelessResetToken(ReadOnlySpan<byte> bytes) => _bytes = MemoryMarshal.Read<UInt128>(bytes[..StatelessReset.TokenLength]);

    /// <summary>Writes the token.</summary>
    public void CopyTo(Span<byte> destination) => MemoryMarshal.Write(destination, in _bytes);

    /// <summary>Whether a datagram that could not be opened ends with this token, in constant time.</summary>
    public bool Matches(ReadOnlySpan<byte> datagram)
    {
        Span<byte> token = stackalloc byte[StatelessReset.TokenLength];
        CopyTo(token);
        return StatelessReset.Matches(datagram, token);
    }

    /// <inheritdoc/>
    public bool Equals(StatelessResetToken other) => _bytes == other._bytes;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is StatelessResetToken other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _bytes.GetHashCode();
}

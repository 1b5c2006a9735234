using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Packets;

namespace IrohRpc.Quic.Protection;

/// <summary>
/// Hides the packet number and the low bits of the first byte (RFC 9001, section 5.4). Its key lasts for the whole encryption level;
/// key updates leave it alone.
/// </summary>
internal abstract class HeaderProtection : IDisposable
{
    /// <summary>How much ciphertext decides the mask.</summary>
    public const int SampleLength = 16;

    private const int MaskLength = 1 + PacketNumber.MaxLength;

    /// <summary>Makes the protection that a cipher suite asks for.</summary>
    public static HeaderProtection Create(CipherSuite suite, ReadOnlySpan<byte> secret)
    {
        Span<byte> key = stackalloc byte[suite.KeyLength];
        HkdfLabel.Expand(suite.Hash, secret, "quic hp", [], key);
        return suite == CipherSuite.ChaCha20Poly1305 ? new ChaCha20HeaderProtection(key)
            : AesBlockHeaderProtection.IsSupported ? new AesBlockHeaderProtection(key)
            : new AesHeaderProtection(key);
    }

    /// <summary>Whether a packet is long enough for its header to be unprotected.</summary>
    public static bool HasSample(int packetLength, int packetNumberOffset)
        => packetLength >= packetNumberOffset + PacketNumber.MaxLength + SampleLength;

    /// <summary>Protects a header in place, after the payload was encrypted.</summary>
    public void Protect(Span<byte> packet, int packetNumberOffset)
    {
        Span<byte> mask = stackalloc byte[MaskLength];
        ReadMask(packet, packetNumberOffset, mask);
        int length = (packet[0] & HeaderBits.PacketNumberLength) + 1;
        packet[0] ^= (byte)(mask[0] & ProtectedBits(packet[0]));
        ApplyToNumber(packet, packetNumberOffset, length, mask);
    }

    /// <summary>Removes the protection in place.</summary>
    /// <param name="packet">Long enough by <see cref="HasSample"/>.</param>
    /// <param name="packetNumberOffset">Where the packet number starts.</param>
    /// <returns>The length of the packet number.</returns>
    public int Unprotect(Span<byte> packet, int packetNumberOffset)
    {
        Span<byte> mask = stackalloc byte[MaskLength];
        ReadMask(packet, packetNumberOffset, mask);
        packet[0] ^= (byte)(mask[0] & ProtectedBits(packet[0]));
        int length = (packet[0] & HeaderBits.PacketNumberLength) + 1;
        ApplyToNumber(packet, packetNumberOffset, length, mask);
        return length;
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Computes the mask of a sample.</summary>
    /// <param name="sample"><see cref="SampleLength"/> bytes.</param>
    /// <param name="mask">Takes five bytes.</param>
    protected abstract void ComputeMask(ReadOnlySpan<byte> sample, Span<byte> mask);

    private static byte ProtectedBits(byte first)
        => (first & HeaderBits.LongForm) != 0 ? HeaderBits.LongProtected : HeaderBits.ShortProtected;

    private static void ApplyToNumber(Span<byte> packet, int offset, int length, ReadOnlySpan<byte> mask)
    {
        for (int i = 0; i < length; i++)
        {
            packet[offset + i] ^= mask[1 + i];
        }
    }

    // The sample starts where the payload would if the packet number took four bytes, whatever it takes.
    private void ReadMask(ReadOnlySpan<byte> packet, int offset, Span<byte> mask)
        => ComputeMask(packet.Slice(offset + PacketNumber.MaxLength, SampleLength), mask);
}

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace IrohRpc.Quic.Protection;

/// <summary>
/// Header protection by ChaCha20 (RFC 9001, section 5.4.4): the sample is the block counter and the nonce, the mask is the start
/// of the key stream. The class library has no ChaCha20 without Poly1305.
/// </summary>
internal sealed class ChaCha20HeaderProtection : HeaderProtection
{
    private readonly uint[] _key = new uint[8];

    public ChaCha20HeaderProtection(ReadOnlySpan<byte> key)
    {
        for (int i = 0; i < _key.Length; i++)
        {
            _key[i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(4 * i)..]);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
        => CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_key.AsSpan()));

    /// <inheritdoc/>
    protected override void ComputeMask(ReadOnlySpan<byte> sample, Span<byte> mask)
    {
        // RFC 8439, section 2.3. Only the first two words of the block are wanted.
        Span<uint> state = stackalloc uint[16];
        state[0] = 0x61707865;
        state[1] = 0x3320646e;
        state[2] = 0x79622d32;
        state[3] = 0x6b206574;
        _key.CopyTo(state[4..]);
        for (int i = 0; i < 4; i++)
        {
            state[12 + i] = BinaryPrimitives.ReadUInt32LittleEndian(sample[(4 * i)..]);
        }

        uint first = state[0];
        uint second = state[1];
        for (int i = 0; i < 10; i++)
        {
            QuarterRound(ref state[0], ref state[4], ref state[8], ref state[12]);
            QuarterRound(ref state[1], ref state[5], ref state[9], ref state[13]);
            QuarterRound(ref state[2], ref state[6], ref state[10], ref state[14]);
            QuarterRound(ref state[3], ref state[7], ref state[11], ref state[15]);
            QuarterRound(ref state[0], ref state[5], ref state[10], ref state[15]);
            QuarterRound(ref state[1], ref state[6], ref state[11], ref state[12]);
            QuarterRound(ref state[2], ref state[7], ref state[8], ref state[13]);
            QuarterRound(ref state[3], ref state[4], ref state[9], ref state[14]);
        }

        Span<byte> keyStream = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(keyStream, state[0] + first);
        BinaryPrimitives.WriteUInt32LittleEndian(keyStream[4..], state[1] + second);
        keyStream[..mask.Length].CopyTo(mask);
    }

    private static void QuarterRound(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        a += b;
        d = uint.RotateLeft(d ^ a, 16);
        c += d;
        b = uint.RotateLeft(b ^ c, 12);
        a += b;
        d = uint.RotateLeft(d ^ a, 8);
        c += d;
        b = uint.RotateLeft(b ^ c, 7);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace IrohRpc.Quic.Protection;

/// <summary>
/// Header protection by the processor's AES instructions: one block takes less time than the call into a library would. The
/// instructions run in constant time, and the key schedule uses them too, so that no table is read at secret positions.
/// </summary>
internal sealed class AesBlockHeaderProtection : HeaderProtection
{
    private const int MaxRoundKeys = 15;

    private readonly Vector128<byte>[] _roundKeys;

    public AesBlockHeaderProtection(ReadOnlySpan<byte> key)
    {
        int words = key.Length / 4;
        int rounds = words + 6;
        _roundKeys = new Vector128<byte>[rounds + 1];
        Span<uint> schedule = stackalloc uint[MaxRoundKeys * 4];
        ExpandKey(key, schedule[..(4 * (rounds + 1))]);
        for (int i = 0; i <= rounds; i++)
        {
            _roundKeys[i] = Vector128.Create(schedule[4 * i], schedule[(4 * i) + 1], schedule[(4 * i) + 2], schedule[(4 * i) + 3]).AsByte();
        }

        schedule.Clear();
    }

    /// <summary>Whether the processor has the instructions.</summary>
    public static bool IsSupported => BitConverter.IsLittleEndian && (X86Aes.IsSupported || ArmAes.IsSupported);

    /// <inheritdoc/>
    public override void Dispose()
        => CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_roundKeys.AsSpan()));

    /// <inheritdoc/>
    protected override void ComputeMask(ReadOnlySpan<byte> sample, Span<byte> mask)
    {
        Vector128<byte> block = Encrypt(Vector128.Create(sample));
        Span<byte> bytes = stackalloc byte[SampleLength];
        block.CopyTo(bytes);
        bytes[..mask.Length].CopyTo(mask);
    }

    private Vector128<byte> Encrypt(Vector128<byte> block)
    {
        ReadOnlySpan<Vector128<byte>> keys = _roundKeys;
        int last = keys.Length - 1;
        if (X86Aes.IsSupported)
        {
            block ^= keys[0];
            for (int i = 1; i < last; i++)
            {
                block = X86Aes.Encrypt(block, keys[i]);
            }

            return X86Aes.EncryptLast(block, keys[last]);
        }

        // ARM's instruction adds the key first and leaves the mixing of columns to another.
        for (int i = 0; i < last - 1; i++)
        {
            block = ArmAes.MixColumns(ArmAes.Encrypt(block, keys[i]));
        }

        return ArmAes.Encrypt(block, keys[last - 1]) ^ keys[last];
    }

    // FIPS 197, section 5.2, on little-endian words.
    private static void ExpandKey(ReadOnlySpan<byte> key, Span<uint> schedule)
    {
        int words = key.Length / 4;
        for (int i = 0; i < words; i++)
        {
            schedule[i] = BitConverter.ToUInt32(key[(4 * i)..]);
        }

        uint roundConstant = 1;
        for (int i = words; i < schedule.Length; i++)
        {
            uint word = schedule[i - 1];
            if (i % words == 0)
            {
                word = SubstituteWord(uint.RotateRight(word, 8)) ^ roundConstant;
                roundConstant = (roundConstant << 1) ^ (roundConstant >= 0x80 ? 0x11bu : 0);
            }
            else if (words > 6 && i % words == 4)
            {
                word = SubstituteWord(word);
            }

            schedule[i] = schedule[i - words] ^ word;
        }
    }

    // The same word in each column makes the shift of rows, which both instructions include, change nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint SubstituteWord(uint word)
    {
        Vector128<byte> columns = Vector128.Create(word).AsByte();
        Vector128<byte> substituted = X86Aes.IsSupported
            ? X86Aes.EncryptLast(columns, Vector128<byte>.Zero)
            : ArmAes.Encrypt(columns, Vector128<byte>.Zero);
        return substituted.AsUInt32().ToScalar();
    }
}

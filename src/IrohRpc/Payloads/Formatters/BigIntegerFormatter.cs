using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MemoryPack;

namespace IrohRpc.Payloads.Formatters;

/// <summary>The bytes of the two's complement, with their count in front: what MemoryPack's own means to write.</summary>
internal sealed class BigIntegerFormatter : MemoryPackFormatter<BigInteger>
{
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref BigInteger value)
    {
        int length = value.GetByteCount();
        ref byte start = ref writer.GetSpanReference(sizeof(int) + length);
        Unsafe.WriteUnaligned(ref start, length);
        value.TryWriteBytes(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref start, sizeof(int)), length), out _);
        writer.Advance(sizeof(int) + length);
    }

    public override void Deserialize(ref MemoryPackReader reader, scoped ref BigInteger value)
    {
        reader.DangerousReadUnmanagedSpanView<byte>(out _, out ReadOnlySpan<byte> bytes);
        value = new BigInteger(bytes);
    }
}

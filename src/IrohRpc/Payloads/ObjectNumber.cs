using System.Runtime.InteropServices;
using IrohRpc.CompilerServices;
using MemoryPack;

namespace IrohRpc.Payloads;

/// <summary>The number by which a peer calls an object that was passed to it, as it stands among arguments and in results: a varint, 0 for null.</summary>
internal static class ObjectNumber
{
    public static void Write(ref MemoryPackWriter<CallBufferWriter> writer, long number)
    {
        int length = VarInt.LengthOf(number);
        VarInt.Write(MemoryMarshal.CreateSpan(ref writer.GetSpanReference(length), length), number);
        writer.Advance(length);
    }

    public static long Read(ref MemoryPackReader reader)
    {
        int length = 1 << (reader.GetSpanReference(1) >> 6);
        ReadOnlySpan<byte> bytes = MemoryMarshal.CreateReadOnlySpan(ref reader.GetSpanReference(length), length);
        VarInt.TryRead(ref bytes, out long number);
        reader.Advance(length);
        return number;
    }
}

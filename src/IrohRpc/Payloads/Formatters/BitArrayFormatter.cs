using System.Collections;
using MemoryPack;

namespace IrohRpc.Payloads.Formatters;

/// <summary>The count of bits and the words that hold them: what MemoryPack wrote before .NET 10 changed what a BitArray looks like inside.</summary>
internal sealed class BitArrayFormatter : MemoryPackFormatter<BitArray>
{
    private const int BitsPerWord = 32;

    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref BitArray? value)
    {
        if (value is null)
        {
            writer.WriteNullObjectHeader();
            return;
        }

        int[] words = new int[(int)(((long)value.Length + BitsPerWord - 1) / BitsPerWord)];
        value.CopyTo(words, 0);
        writer.WriteUnmanagedWithObjectHeader(2, value.Length);
        writer.WriteUnmanagedArray(words);
    }

    public override void Deserialize(ref MemoryPackReader reader, scoped ref BitArray? value)
    {
        if (!reader.TryReadObjectHeader(out _))
        {
            value = null;
            return;
        }

        int length = reader.ReadUnmanaged<int>();
        value = new BitArray(reader.ReadUnmanagedArray<int>() ?? []) { Length = length };
    }
}

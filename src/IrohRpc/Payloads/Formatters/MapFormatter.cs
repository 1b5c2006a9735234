using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MemoryPack;

namespace IrohRpc.Payloads.Formatters;

/// <summary>
/// A dictionary whose pairs are copied as they stand in memory. Between a key and its value, or behind them, there may be bytes that nobody ever wrote, and
/// MemoryPack's formatters would send them: here they are zero.
/// </summary>
internal sealed class MapFormatter<TMap, TKey, TValue>(MemoryPackFormatter<TMap> inner) : MemoryPackFormatter<TMap>
    where TMap : IEnumerable<KeyValuePair<TKey, TValue>>
{
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref TMap? value)
    {
        int size = Unsafe.SizeOf<KeyValuePair<TKey, TValue>>();
        if (value is null || RuntimeHelpers.IsReferenceOrContainsReferences<KeyValuePair<TKey, TValue>>() || size == Unsafe.SizeOf<TKey>() + Unsafe.SizeOf<TValue>())
        {
            inner.Serialize(ref writer, ref value);
            return;
        }

        int count = 0;
        int expected = value.Count();
        writer.WriteCollectionHeader(expected);
        int valueOffset = OffsetOfValue();
        foreach (KeyValuePair<TKey, TValue> pair in value)
        {
            ref byte start = ref writer.GetSpanReference(size);
            MemoryMarshal.CreateSpan(ref start, size).Clear();
            Unsafe.WriteUnaligned(ref start, pair.Key);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, valueOffset), pair.Value);
            writer.Advance(size);
            count++;
        }

        if (count != expected)
        {
            throw new InvalidOperationException("A dictionary was changed while it was written.");
        }
    }

    public override void Deserialize(ref MemoryPackReader reader, scoped ref TMap? value) => inner.Deserialize(ref reader, ref value);

    // Values stand where their alignment allows behind the key.
    private static int OffsetOfValue()
    {
        int alignment = Unsafe.SizeOf<Aligned>() - Unsafe.SizeOf<TValue>();
        return (Unsafe.SizeOf<TKey>() + alignment - 1) / alignment * alignment;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Aligned
    {
        public byte First;
        public TValue Value;
    }
}

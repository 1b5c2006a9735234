using System.Collections.Concurrent;
using System.ComponentModel;
using MemoryPack;

namespace IrohRpc.CompilerServices;

/// <summary>As MemoryPack's own, but the dictionary is made as large as it has to be: one that grows doubles its locks each time, and costs several times its pairs.</summary>
/// <typeparam name="TKey">The type of a key.</typeparam>
/// <typeparam name="TValue">The type of a value.</typeparam>
/// <param name="comparer">Compares keys; null for .NET's own way.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ConcurrentDictionaryFormatter<TKey, TValue>(IEqualityComparer<TKey>? comparer) : MemoryPackFormatter<ConcurrentDictionary<TKey, TValue?>>
    where TKey : notnull
{
    private const int PerProcessor = -1;

    private readonly MemoryPack.Formatters.ConcurrentDictionaryFormatter<TKey, TValue> _inner = new();

    /// <inheritdoc/>
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref ConcurrentDictionary<TKey, TValue?>? value)
        => _inner.Serialize(ref writer, ref value);

    /// <inheritdoc/>
    public override void Deserialize(ref MemoryPackReader reader, scoped ref ConcurrentDictionary<TKey, TValue?>? value)
    {
        if (!reader.TryReadCollectionHeader(out int count))
        {
            value = null;
            return;
        }

        // Each lock guards a part of the table, and all of it grows where one part is full: room for twice as many keeps uneven parts from that.
        value = count == 0 ? new(comparer) : new(PerProcessor, (int)Math.Min(2L * count, Array.MaxLength), comparer);
        IMemoryPackFormatter<TKey> keys = reader.GetFormatter<TKey>();
        IMemoryPackFormatter<TValue> values = reader.GetFormatter<TValue>();
        for (int i = 0; i < count; i++)
        {
            MemoryPack.Formatters.KeyValuePairFormatter.Deserialize(keys, values, ref reader, out TKey? key, out TValue? item);
            value.TryAdd(key!, item);
        }
    }
}

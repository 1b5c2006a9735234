using MemoryPack;

namespace IrohRpc.CompilerServices;

/// <summary>As MemoryPack's own, but pairs are sorted before they are added: each one that came out of order would move all that follow it.</summary>
/// <typeparam name="TKey">The type of a key.</typeparam>
/// <typeparam name="TValue">The type of a value.</typeparam>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public sealed class SortedListFormatter<TKey, TValue> : MemoryPackFormatter<SortedList<TKey, TValue?>>
    where TKey : notnull
{
    private readonly MemoryPack.Formatters.SortedListFormatter<TKey, TValue> _inner = new();

    /// <inheritdoc/>
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref SortedList<TKey, TValue?>? value)
        => _inner.Serialize(ref writer, ref value);

    /// <inheritdoc/>
    public override void Deserialize(ref MemoryPackReader reader, scoped ref SortedList<TKey, TValue?>? value)
    {
        if (!reader.TryReadCollectionHeader(out int count))
        {
            value = null;
            return;
        }

        IMemoryPackFormatter<TKey> keys = reader.GetFormatter<TKey>();
        IMemoryPackFormatter<TValue> values = reader.GetFormatter<TValue>();
        var pairs = new KeyValuePair<TKey, TValue?>[count];
        bool isSorted = true;
        for (int i = 0; i < count; i++)
        {
            MemoryPack.Formatters.KeyValuePairFormatter.Deserialize(keys, values, ref reader, out TKey? key, out TValue? item);
            pairs[i] = new KeyValuePair<TKey, TValue?>(key!, item);
            isSorted = isSorted && (i == 0 || Comparer<TKey>.Default.Compare(pairs[i - 1].Key, key) < 0);
        }

        if (!isSorted)
        {
            Array.Sort(pairs, static (one, other) => Comparer<TKey>.Default.Compare(one.Key, other.Key));
        }

        value = new SortedList<TKey, TValue?>(count);
        foreach (KeyValuePair<TKey, TValue?> pair in pairs)
        {
            value.Add(pair.Key, pair.Value);
        }
    }
}

using System.ComponentModel;
using IrohRpc.Payloads;
using MemoryPack;
using MemoryPack.Formatters;

namespace IrohRpc.CompilerServices;

/// <summary>
/// A dictionary of the user's own, which makes its table itself and therefore with hashes that everybody knows: what filling it would cost is counted, and too much is
/// refused.
/// </summary>
/// <typeparam name="TMap">The dictionary.</typeparam>
/// <typeparam name="TKey">The type of a key.</typeparam>
/// <typeparam name="TValue">The type of a value.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class OwnMapFormatter<TMap, TKey, TValue> : MemoryPackFormatter<TMap>
    where TMap : class, IDictionary<TKey, TValue?>, new()
    where TKey : notnull
{
    private readonly GenericDictionaryFormatter<TMap, TKey, TValue> _inner = new();

    /// <inheritdoc/>
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref TMap? value) => _inner.Serialize(ref writer, ref value);

    /// <inheritdoc/>
    public override void Deserialize(ref MemoryPackReader reader, scoped ref TMap? value)
    {
        if (!reader.TryReadCollectionHeader(out int count))
        {
            value = null;
            return;
        }

        var chains = new HashChains();
        IMemoryPackFormatter<TKey> keys = reader.GetFormatter<TKey>();
        IMemoryPackFormatter<TValue> values = reader.GetFormatter<TValue>();
        value = new TMap();
        for (int i = 0; i < count; i++)
        {
            KeyValuePairFormatter.Deserialize(keys, values, ref reader, out TKey? key, out TValue? item);
            chains.Add(key is null ? 0 : EqualityComparer<TKey>.Default.GetHashCode(key));
            value.Add(key!, item);
        }
    }
}

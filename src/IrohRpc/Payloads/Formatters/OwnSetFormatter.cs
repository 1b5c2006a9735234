using System.ComponentModel;
using IrohRpc.Payloads;
using MemoryPack;
using MemoryPack.Formatters;

namespace IrohRpc.CompilerServices;

/// <summary>A set of the user's own; see <see cref="OwnMapFormatter{TMap, TKey, TValue}"/>.</summary>
/// <typeparam name="TSet">The set.</typeparam>
/// <typeparam name="T">The type of an item.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class OwnSetFormatter<TSet, T> : MemoryPackFormatter<TSet>
    where TSet : class, ISet<T?>, new()
{
    private readonly GenericSetFormatter<TSet, T> _inner = new();

    /// <inheritdoc/>
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref TSet? value) => _inner.Serialize(ref writer, ref value);

    /// <inheritdoc/>
    public override void Deserialize(ref MemoryPackReader reader, scoped ref TSet? value)
    {
        if (!reader.TryReadCollectionHeader(out int count))
        {
            value = null;
            return;
        }

        var chains = new HashChains();
        IMemoryPackFormatter<T?> items = reader.GetFormatter<T?>();
        value = new TSet();
        for (int i = 0; i < count; i++)
        {
            T? item = default;
            items.Deserialize(ref reader, ref item);
            chains.Add(item is null ? 0 : EqualityComparer<T>.Default.GetHashCode(item));
            value.Add(item);
        }
    }
}

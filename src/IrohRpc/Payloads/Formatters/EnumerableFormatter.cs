using System.ComponentModel;
using System.Runtime.InteropServices;
using MemoryPack;

namespace IrohRpc.CompilerServices;

/// <summary>As MemoryPack's own, but what is enumerated stops at the largest message, as it may never end by itself.</summary>
/// <typeparam name="T">The type of an item.</typeparam>
/// <param name="look">Looks how deep an item is nested, as nobody could before it was there; null where its type cannot be nested without end.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class EnumerableFormatter<T>(Action<T?, PayloadDepth>? look = null) : MemoryPackFormatter<IEnumerable<T?>>
{
    private readonly MemoryPack.Formatters.InterfaceEnumerableFormatter<T> _inner = new();

    /// <inheritdoc/>
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref IEnumerable<T?>? value)
    {
        if (value is null or T?[] or List<T?>)
        {
            _inner.Serialize(ref writer, ref value);
            return;
        }

        // The count stands in front, so that the items wait until it is known.
        var items = new CallBuffer();
        int depth = PayloadWork.Depth;
        try
        {
            var destination = new CallBufferWriter(items);
            var itemWriter = new MemoryPackWriter<CallBufferWriter>(ref destination, writer.OptionalState);
            int count = WriteItems(ref itemWriter, value, depth);
            itemWriter.Flush();
            ReadOnlySpan<byte> written = items.WrittenSpan;
            writer.WriteCollectionHeader(count);
            written.CopyTo(MemoryMarshal.CreateSpan(ref writer.GetSpanReference(written.Length), written.Length));
            writer.Advance(written.Length);
        }
        finally
        {
            PayloadWork.Depth = depth;
            items.Release();
        }
    }

    private int WriteItems(ref MemoryPackWriter<CallBufferWriter> writer, IEnumerable<T?> items, int depth)
    {
        IMemoryPackFormatter<T?> formatter = writer.GetFormatter<T?>();
        PayloadDepth? inner = look is null ? null : new PayloadDepth(depth);
        int limit = PayloadWork.Bounds.MaxBytes;
        int count = 0;
        foreach (T? item in items)
        {
            if (inner is not null)
            {
                look!(item, inner);
                PayloadWork.Depth = inner.Deepest;
            }

            T? copy = item;
            formatter.Serialize(ref writer, ref copy);
            count++;
            if (writer.WrittenCount > limit)
            {
                throw new PayloadTooLargeException(limit);
            }
        }

        return count;
    }

    /// <inheritdoc/>
    public override void Deserialize(ref MemoryPackReader reader, scoped ref IEnumerable<T?>? value) => _inner.Deserialize(ref reader, ref value);
}

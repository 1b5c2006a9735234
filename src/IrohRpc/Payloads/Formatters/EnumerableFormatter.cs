using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MemoryPack;

namespace IrohRpc.CompilerServices;

/// <summary>As MemoryPack's own, but what is enumerated stops at the largest message, as it may never end by itself.</summary>
/// <typeparam name="T">The type of an item.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class EnumerableFormatter<T> : MemoryPackFormatter<IEnumerable<T?>>
{
    private readonly MemoryPack.Formatters.InterfaceEnumerableFormatter<T> _inner = new();

    /// <inheritdoc/>
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref IEnumerable<T?>? value)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (value is null or T?[] or List<T?>)
        {
            _inner.Serialize(ref writer, ref value);
            return;
        }

        // The count stands in front, so that the items wait until it is known.
        var items = new CallBuffer();
        try
        {
            var destination = new CallBufferWriter(items);
            var itemWriter = new MemoryPackWriter<CallBufferWriter>(ref destination, writer.OptionalState);
            int limit = PayloadWork.WriteLimit;
            int count = 0;
            IMemoryPackFormatter<T?> formatter = writer.GetFormatter<T?>();
            foreach (T? item in value)
            {
                T? copy = item;
                formatter.Serialize(ref itemWriter, ref copy);
                count++;
                if (itemWriter.WrittenCount > limit)
                {
                    throw new PayloadTooLargeException(limit);
                }
            }

            itemWriter.Flush();
            ReadOnlySpan<byte> written = items.WrittenSpan;
            writer.WriteCollectionHeader(count);
            written.CopyTo(MemoryMarshal.CreateSpan(ref writer.GetSpanReference(written.Length), written.Length));
            writer.Advance(written.Length);
        }
        finally
        {
            items.Release();
        }
    }

    /// <inheritdoc/>
    public override void Deserialize(ref MemoryPackReader reader, scoped ref IEnumerable<T?>? value) => _inner.Deserialize(ref reader, ref value);
}

using MemoryPack;

namespace IrohRpc.Payloads.Formatters;

/// <summary>MemoryPack's own for arrays of several dimensions, which counts their bytes in an <see cref="int"/> and looks no further.</summary>
internal sealed class GridFormatter<TArray>(MemoryPackFormatter<TArray> inner, int elementSize) : MemoryPackFormatter<TArray>
{
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref TArray? value)
    {
        if (value is Array array && array.LongLength * elementSize > Array.MaxLength / 2)
        {
            throw new InvalidDataException("an array of several dimensions is too large for a message");
        }

        inner.Serialize(ref writer, ref value);
    }

    public override void Deserialize(ref MemoryPackReader reader, scoped ref TArray? value) => inner.Deserialize(ref reader, ref value);
}

using IrohRpc.CompilerServices;
using MemoryPack;

namespace IrohRpc.Contracts;

/// <summary>Writes values into buffers.</summary>
internal static class CallBufferExtensions
{
    /// <summary>Appends one value.</summary>
    public static void WriteValue<T>(this CallBuffer buffer, T value, ValueWriter<T> valueWriter, WriteBounds bounds)
    {
        WriteBounds outer = PayloadWork.BeginWriting(bounds);
        int start = buffer.Length;
        var destination = new CallBufferWriter(buffer);
        MemoryPackWriterOptionalState state = ValueStates.RentWriting<T>();
        try
        {
            var writer = new MemoryPackWriter<CallBufferWriter>(ref destination, state);
            valueWriter(ref writer, value);
            writer.Flush();
            PayloadGaps.Clear<T>(buffer, start);
        }
        finally
        {
            PayloadWork.EndWriting(outer);
            ValueStates.Return<T>(state);
        }
    }
}

using System.Runtime.CompilerServices;
using MemoryPack;

namespace IrohRpc.Payloads;

/// <summary>
/// The state that MemoryPack wants beside each value, which holds the options and the references of objects that refer to each other. A value without
/// references leaves nothing in it, so that each thread keeps one for all of those; renting one costs more than many values do.
/// </summary>
internal static class ValueStates
{
    [ThreadStatic]
    private static MemoryPackWriterOptionalState? _writing;

    [ThreadStatic]
    private static MemoryPackReaderOptionalState? _reading;

    /// <summary>A state to write a value of a type with; <see cref="Return{T}(MemoryPackWriterOptionalState)"/> takes it back.</summary>
    public static MemoryPackWriterOptionalState RentWriting<T>()
        => RuntimeHelpers.IsReferenceOrContainsReferences<T>()
            ? MemoryPackWriterOptionalStatePool.Rent(null)
            : _writing ??= MemoryPackWriterOptionalStatePool.Rent(null);

    /// <summary>A state to read a value of a type with; <see cref="Return{T}(MemoryPackReaderOptionalState)"/> takes it back.</summary>
    public static MemoryPackReaderOptionalState RentReading<T>()
        => RuntimeHelpers.IsReferenceOrContainsReferences<T>()
            ? MemoryPackReaderOptionalStatePool.Rent(null)
            : _reading ??= MemoryPackReaderOptionalStatePool.Rent(null);

    /// <summary>The value is written.</summary>
    public static void Return<T>(MemoryPackWriterOptionalState state)
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            ((IDisposable)state).Dispose();
        }
    }

    /// <summary>The value is read.</summary>
    public static void Return<T>(MemoryPackReaderOptionalState state)
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            ((IDisposable)state).Dispose();
        }
    }
}

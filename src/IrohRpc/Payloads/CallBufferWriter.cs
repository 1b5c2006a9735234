using System.Buffers;
using System.ComponentModel;

namespace IrohRpc.CompilerServices;

/// <summary>
/// Writes to a <see cref="CallBuffer"/>. MemoryPack's writer is generic over where it writes to; with a struct it is compiled for that alone, which is
/// quicker, and Native AOT crashes in MemoryPack's generic code where it is a class and the values are, too.
/// </summary>
/// <param name="buffer">Takes the bytes.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct CallBufferWriter(CallBuffer buffer) : IBufferWriter<byte>
{
    /// <inheritdoc/>
    public void Advance(int count) => buffer.Advance(count);

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        PayloadWork.RequireRoom(buffer.Length);
        return buffer.GetMemory(sizeHint);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        PayloadWork.RequireRoom(buffer.Length);
        return buffer.GetSpan(sizeHint);
    }
}

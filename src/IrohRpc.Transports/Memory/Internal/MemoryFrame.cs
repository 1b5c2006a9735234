using System.Buffers;
using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>One thing said on a <see cref="MemoryPath"/>. Whoever takes it from the path owns its buffer.</summary>
internal readonly record struct MemoryFrame(MemoryFrameKind Kind)
{
    /// <summary>The stream it is about.</summary>
    public long StreamId { get; init; }

    /// <summary>A code or a count.</summary>
    public long Value { get; init; }

    /// <summary>An array of the shared pool with the bytes of a <see cref="MemoryFrameKind.Data"/> frame, or null.</summary>
    public byte[]? Buffer { get; init; }

    /// <summary>How many bytes of <see cref="Buffer"/> count.</summary>
    public int Length { get; init; }

    /// <summary>Whether the stream ends with these bytes.</summary>
    public bool IsLast { get; init; }

    /// <summary>What the kind says.</summary>
    public object? Payload { get; init; }

    /// <summary>When it arrives, in the network clock's timestamps; zero for at once.</summary>
    public long Due { get; init; }

    /// <summary>Gives the buffer back to its pool.</summary>
    public void Release()
    {
        if (Buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(Buffer);
        }
    }
}

using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using IrohRpc.Internal;

namespace IrohRpc.CompilerServices;

/// <summary>A pooled buffer that arguments, results and items are written to. Owned by one call at a time; not for use from several threads.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CallBuffer : IBufferWriter<byte>
{
    /// <summary>How many bytes <see cref="BeginFrame"/> keeps free for the frame's length and type.</summary>
    internal const int Headroom = VarInt.MaxLength + 1;

    // What a pooled call keeps; larger arrays go back as soon as the buffer is cleared.
    private const int LargestKept = 4 * 1024;
    private const int FirstSize = 256;

    private byte[] _array = [];
    private int _written;

    internal CallBuffer()
    {
    }

    /// <summary>How many bytes were written.</summary>
    internal int Length => _written;

    /// <summary>What was written, until the next change.</summary>
    internal ReadOnlySpan<byte> WrittenSpan => _array.AsSpan(0, _written);

    /// <inheritdoc cref="WrittenSpan"/>
    internal ReadOnlyMemory<byte> WrittenMemory => _array.AsMemory(0, _written);

    /// <summary>What was written from a place on, to be changed there.</summary>
    internal Span<byte> WrittenBytes(int start) => _array.AsSpan(start, _written - start);

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _array.Length - _written);
        _written += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsMemory(_written);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsSpan(_written);
    }

    /// <summary>Appends bytes as they are.</summary>
    internal void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        _written += bytes.Length;
    }

    /// <summary>Empties the buffer for the body of a frame, which is then sent without being copied where it is large.</summary>
    /// <param name="sizeHint">How many bytes the body is expected to have.</param>
    internal void BeginFrame(int sizeHint = 0)
    {
        _written = 0;
        Reserve(checked(Headroom + sizeHint));
        _written = Headroom;
    }

    /// <summary>Completes the frame that <see cref="BeginFrame"/> began.</summary>
    /// <returns>Where the frame begins; it ends where the written part does.</returns>
    internal int CompleteFrame(FrameType type)
    {
        int length = _written - Headroom + 1;
        int start = Headroom - 1 - VarInt.LengthOf(length);
        VarInt.Write(_array.AsSpan(start), length);
        _array[Headroom - 1] = (byte)type;
        return start;
    }

    /// <summary>Gives the array away for another, and is empty.</summary>
    internal byte[] Exchange(byte[] other)
    {
        byte[] array = _array;
        _array = other;
        _written = 0;
        return array;
    }

    /// <summary>Drops what was written after the first <paramref name="length"/> bytes.</summary>
    internal void Truncate(int length) => _written = length;

    /// <summary>Empties the buffer for its next use.</summary>
    internal void Clear()
    {
        _written = 0;
        if (_array.Length > LargestKept)
        {
            Release();
        }
    }

    /// <summary>Empties the buffer and gives its memory back.</summary>
    internal void Release()
    {
        byte[] array = Exchange([]);
        if (array.Length > 0)
        {
            BufferPool.Return(array);
        }
    }

    private void Reserve(int sizeHint)
    {
        int needed = Math.Max(sizeHint, 1);
        if (_array.Length - _written >= needed)
        {
            return;
        }

        Debug.Assert(_written <= _array.Length, "More was written than there is room for.");
        byte[] larger = BufferPool.Rent(Math.Max(checked(_written + needed), Math.Max(FirstSize, (int)Math.Min(2L * _array.Length, Array.MaxLength))));
        WrittenSpan.CopyTo(larger);
        if (_array.Length > 0)
        {
            BufferPool.Return(_array);
        }

        _array = larger;
    }
}

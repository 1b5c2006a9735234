using System.Runtime.CompilerServices;
using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>
/// Writes frames to one direction of a stream, from any number of threads: frames are appended to a batch, one write is under way at a time,
/// and whatever was appended meanwhile leaves in the next one.
/// </summary>
/// <remarks>
/// Appending does not send: whoever is done appending for the moment calls <see cref="Flush"/>, so that many frames leave in one write. The write
/// begins on that very thread, since waking another costs more than most writes; it never waits there, and writes one batch only.
/// </remarks>
internal sealed class FrameSender : IThreadPoolWorkItem
{
    private const int FirstSize = 4 * 1024;
    private const int LargestKept = 256 * 1024;

    // From here on an array changes hands: cheaper than a copy, though it may be a larger one than the bytes need.
    private const int LeastHandedOver = 16 * 1024;

    private readonly PeerStream _stream;
    private readonly Lock _gate = new();

    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action _writeEnded;

    // Of the write under way, for whoever is told of its end.
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _write;
    private bool _writesLast;
    private TaskCompletionSource? _room;
    private byte[] _pending = [];
    private byte[] _spare = [];
    private int _pendingStart;
    private int _pendingLength;
    private int _sendingLength;
    private long _appended;
    private long _handedOver;
    private bool _isWriting;
    private bool _completing;
    private bool _ended;

    public FrameSender(PeerStream stream)
    {
        _stream = stream;
        _writeEnded = WriteEnded;
    }

    /// <summary>Completes once nothing more will be written: everything was handed to the stream, or it failed. Never faults.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Why writing failed, once it has.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>How many bytes wait for or are in a write.</summary>
    public int Unsent => Volatile.Read(ref _pendingLength) + Volatile.Read(ref _sendingLength);

    /// <summary>Whether something waits for a flush.</summary>
    public bool HasPending => Volatile.Read(ref _pendingLength) > 0;

    /// <summary>Appends what stands before the frames.</summary>
    public void AppendPreface(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (!_ended && !_completing)
            {
                bytes.CopyTo(Reserve(bytes.Length));
            }
        }
    }

    /// <summary>Appends one frame, its body in up to three parts.</summary>
    /// <returns>Its position, for <see cref="WasHandedOver"/>; -1 where nothing can be sent any more.</returns>
    public long Append(FrameType type, ReadOnlySpan<byte> head, ReadOnlySpan<byte> fields = default, ReadOnlySpan<byte> body = default)
    {
        int length = 1 + head.Length + fields.Length + body.Length;
        lock (_gate)
        {
            if (_ended || _completing)
            {
                return -1;
            }

            long position = _appended;
            Span<byte> destination = Reserve(VarInt.LengthOf(length) + length);
            int written = VarInt.Write(destination, length);
            destination[written++] = (byte)type;
            head.CopyTo(destination[written..]);
            written += head.Length;
            fields.CopyTo(destination[written..]);
            written += fields.Length;
            body.CopyTo(destination[written..]);
            return position;
        }
    }

    /// <summary>Appends one frame, whose body was written after <see cref="CallBuffer.BeginFrame"/>, which is called again before the buffer's next use.</summary>
    /// <returns>Whether anything can still be sent.</returns>
    public bool AppendFrame(FrameType type, CallBuffer frame)
    {
        int start = frame.CompleteFrame(type);
        int length = frame.Length - start;
        lock (_gate)
        {
            if (_ended || _completing)
            {
                return false;
            }

            if (length < LeastHandedOver || _pendingLength > 0)
            {
                frame.WrittenSpan[start..].CopyTo(Reserve(length));
            }
            else
            {
                _pending = frame.Exchange(_pending);
                _pendingStart = start;
                _pendingLength = length;
                _appended += length;
            }
        }

        return true;
    }

    /// <summary>Whether the peer may have seen the frame at a position. False means that it certainly has not and will not once writing has failed.</summary>
    public bool WasHandedOver(long position)
    {
        lock (_gate)
        {
            return position < _handedOver;
        }
    }

    /// <summary>Sees to it that what was appended is sent. Does not wait.</summary>
    public void Flush()
    {
        if (!TryTake(out ReadOnlyMemory<byte> batch, out bool last) || !Write(batch, last))
        {
            return;
        }

        // More has come meanwhile: the thread, which may be a user's, is not kept for it.
        if (HasPending || Volatile.Read(ref _completing))
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else
        {
            WriteMore();
        }
    }

    /// <summary>Waits until no more than <paramref name="bound"/> bytes are unsent, or nothing can be sent any more.</summary>
    public async ValueTask WaitForRoomAsync(int bound, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_ended || _pendingLength + _sendingLength <= bound)
                {
                    return;
                }

                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }

            Flush();
            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Says that nothing more will be appended: what is pending leaves, and the end of the direction with it.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completing = true;
        }

        Flush();
    }

    /// <summary>Gives up: resets the direction and drops what is pending.</summary>
    public void Abort(long code)
    {
        End(null);
        _stream.AbortWrite(code);
        Flush();
    }

    void IThreadPoolWorkItem.Execute() => WriteMore();

    // Whoever calls this is in the place of the one write under way.
    private void WriteMore()
    {
        while (TryTakeNext(out ReadOnlyMemory<byte> batch, out bool last) && Write(batch, last))
        {
        }
    }

    // True where the batch has been written and this thread goes on; false where the write goes on by itself, or nothing more is written.
    private bool Write(ReadOnlyMemory<byte> batch, bool last)
    {
        try
        {
            Begin(_stream.WriteAsync(batch, last));
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            Fail(exception);
            return false;
        }

        _writesLast = last;
        if (!_write.IsCompleted)
        {
            _write.UnsafeOnCompleted(_writeEnded);
            return false;
        }

        return FinishWrite();
    }

    private void Begin(ValueTask write) => _write = write.ConfigureAwait(false).GetAwaiter();

    private void WriteEnded()
    {
        if (FinishWrite())
        {
            WriteMore();
        }
    }

    private bool FinishWrite()
    {
        try
        {
            _write.GetResult();
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            Fail(exception);
            return false;
        }

        Written(_writesLast);
        return !_writesLast;
    }

    private static bool IsFailure(Exception exception) => exception is PeerException or OperationCanceledException or InvalidOperationException;

    private void Fail(Exception exception)
    {
        End(exception);
        _completion.TrySetResult();
    }

    // True for whoever is to write what there is: nobody writes, and there is something.
    private bool TryTake(out ReadOnlyMemory<byte> batch, out bool last)
    {
        batch = default;
        last = false;
        lock (_gate)
        {
            if (_isWriting || (_pendingLength == 0 && !_completing))
            {
                return false;
            }

            _isWriting = true;
        }

        return TryTakeNext(out batch, out last);
    }

    // For the one who writes. False gives the place up.
    private bool TryTakeNext(out ReadOnlyMemory<byte> batch, out bool last)
    {
        lock (_gate)
        {
            batch = default;
            last = _completing;
            if (!_ended && (_pendingLength > 0 || _completing))
            {
                batch = _pending.AsMemory(_pendingStart, _pendingLength);
                (_pending, _spare) = (_spare, _pending);
                _sendingLength = _pendingLength;
                _pendingStart = 0;
                _pendingLength = 0;
                _handedOver = _appended;
                return true;
            }

            if (!_ended)
            {
                _isWriting = false;
                return false;
            }
        }

        _completion.TrySetResult();
        return false;
    }

    private void Written(bool last)
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            _sendingLength = 0;
            _ended |= last;
            if (_ended || _pendingLength == 0)
            {
                // Whoever is silent holds no memory.
                ReturnBuffers();
            }
            else if (_spare.Length > LargestKept)
            {
                BufferPool.Return(_spare);
                _spare = [];
            }

            room = _room;
            _room = null;
        }

        room?.TrySetResult();
        if (last)
        {
            _completion.TrySetResult();
        }
    }

    private void End(Exception? failure)
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            Failure ??= failure;
            _ended = true;
            _completing = true;
            _pendingLength = 0;
            room = _room;
            _room = null;
        }

        room?.TrySetResult();
    }

    private Span<byte> Reserve(int count)
    {
        int needed = checked(_pendingLength + count);
        if (_pendingStart + needed > _pending.Length)
        {
            byte[] larger = BufferPool.Rent(Math.Max(FirstSize, Math.Max(needed, (int)Math.Min(Array.MaxLength, 2L * _pending.Length))));
            _pending.AsSpan(_pendingStart, _pendingLength).CopyTo(larger);
            if (_pending.Length > 0)
            {
                BufferPool.Return(_pending);
            }

            _pending = larger;
            _pendingStart = 0;
        }

        Span<byte> reserved = _pending.AsSpan(_pendingStart + _pendingLength, count);
        _pendingLength = needed;
        _appended += count;
        return reserved;
    }

    private void ReturnBuffers()
    {
        if (_pending.Length > 0)
        {
            BufferPool.Return(_pending);
        }

        if (_spare.Length > 0)
        {
            BufferPool.Return(_spare);
        }

        _pending = [];
        _spare = [];
    }
}

using System.Runtime.CompilerServices;
using IrohRpc.CompilerServices;

namespace IrohRpc.Wire;

/// <summary>
/// Writes frames to one direction of a stream, from any number of threads. Frames are appended to a batch; one write is under way at a time, and everything
/// appended meanwhile leaves in the next one.
/// </summary>
/// <remarks>
/// Appending does not send: a caller that has nothing more to append calls <see cref="Flush"/>, so that many frames leave in one write. The write
/// begins on that thread, because waking another costs more than most writes; it never waits there, and writes one batch only.
/// </remarks>
/// <param name="stream">The stream. Whatever its writes throw ends the direction.</param>
/// <param name="budget">Counts the bytes that are not written yet; null where nobody counts them.</param>
/// <param name="broken">Called when a write has failed in a way that streams do not fail in, so that the other direction does not tell either. Must not throw.</param>
internal sealed class FrameSender(PeerStream stream, ByteBudget? budget = null, Action? broken = null) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action? _writeEnded;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _write;
    private TaskCompletionSource? _room;
    private SenderState _state;
    private SendBuffers _buffers = new(budget);
    private volatile bool _isArmed;

    /// <summary>Completes when nothing more will be written: everything was handed to the stream, or writing failed. Never faults.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Why writing failed; null while it has not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>How many bytes are appended and not written.</summary>
    public int Unsent => Volatile.Read(ref _buffers.Pending) + Volatile.Read(ref _buffers.Sending);

    /// <summary>Whether something waits for a flush.</summary>
    public bool HasPending => Volatile.Read(ref _buffers.Pending) > 0;

    /// <summary>Appends what precedes the frames.</summary>
    public void AppendPreface(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_state.CanAppend)
            {
                bytes.CopyTo(_buffers.Reserve(bytes.Length));
            }
        }
    }

    /// <summary>Appends one frame, its body in up to three parts.</summary>
    /// <returns>Its position, for <see cref="WasHandedOver"/>; -1 when nothing can be sent any more.</returns>
    public long Append(FrameType type, ReadOnlySpan<byte> head, ReadOnlySpan<byte> fields = default, ReadOnlySpan<byte> body = default)
    {
        int length = 1 + head.Length + fields.Length + body.Length;
        lock (_gate)
        {
            if (!_state.CanAppend)
            {
                return -1;
            }

            long position = _buffers.Appended;
            Span<byte> destination = _buffers.Reserve(VarInt.LengthOf(length) + length);
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

    /// <summary>
    /// Appends one frame whose body was written after <see cref="CallBuffer.BeginFrame"/>. The buffer may come back empty; call that method again before its next use.
    /// </summary>
    /// <returns>Whether anything can still be sent.</returns>
    public bool AppendFrame(FrameType type, CallBuffer frame)
    {
        int start = frame.CompleteFrame(type);
        lock (_gate)
        {
            if (!_state.CanAppend)
            {
                return false;
            }

            _buffers.Append(frame, start);
        }

        return true;
    }

    /// <summary>Whether the peer may have seen the frame at a position. Once writing has failed, false means that the peer has not seen it and never will.</summary>
    public bool WasHandedOver(long position)
    {
        lock (_gate)
        {
            return position < _buffers.HandedOver;
        }
    }

    /// <summary>Makes everything appended so far leave. Does not wait.</summary>
    public void Flush()
    {
        if (!TryBegin(out SenderAction action, out ReadOnlyMemory<byte> batch) || !Write(action, batch, out action, out batch))
        {
            return;
        }

        // More was appended meanwhile. This thread may be a user's: the pool writes the rest.
        _next = (action, batch);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Makes everything appended so far leave in a moment, also if nobody flushes until then.</summary>
    public void FlushSoon()
    {
        if (!_isArmed)
        {
            _isArmed = true;
            FlushTimer.Arm(this);
        }
    }

    /// <summary>The moment has come.</summary>
    public void FlushArmed()
    {
        _isArmed = false;
        Flush();
    }

    /// <summary>Waits until at most <paramref name="bound"/> bytes are unsent, or nothing can be sent any more.</summary>
    public async ValueTask WaitForRoomAsync(int bound, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_state.HasEnded || _buffers.Pending + _buffers.Sending <= bound)
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

    /// <summary>Ends the direction once everything appended has left.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _state.Complete();
        }

        Flush();
    }

    /// <summary>Resets the direction and drops what is pending. Never throws.</summary>
    public void Abort(long code)
    {
        End(null, isAbort: true);
        Reset(code);
    }

    void IThreadPoolWorkItem.Execute() => WriteOn(_next.Action, _next.Batch);

    // Set by the one writer before it hands over to the pool.
    private (SenderAction Action, ReadOnlyMemory<byte> Batch) _next;

    private void WriteOn(SenderAction action, ReadOnlyMemory<byte> batch)
    {
        while (Write(action, batch, out action, out batch))
        {
        }
    }

    // True when the write has ended and another is due; false when it completes later, or nothing more is written.
    private bool Write(SenderAction action, ReadOnlyMemory<byte> batch, out SenderAction next, out ReadOnlyMemory<byte> nextBatch)
    {
        next = SenderAction.None;
        nextBatch = default;
        try
        {
            Begin(stream.WriteAsync(batch, action == SenderAction.WriteLast));
            if (!_write.IsCompleted)
            {
                _write.UnsafeOnCompleted(_writeEnded ??= WriteEnded);
                return false;
            }
        }
        catch (Exception exception)
        {
            // A stream of another transport may throw anything: those who wait for this direction learn that it has failed.
            Fail(exception);
            return false;
        }

        return FinishWrite(out next, out nextBatch);
    }

    private void Begin(ValueTask write) => _write = write.ConfigureAwait(false).GetAwaiter();

    private void WriteEnded()
    {
        if (FinishWrite(out SenderAction next, out ReadOnlyMemory<byte> batch))
        {
            WriteOn(next, batch);
        }
    }

    private bool FinishWrite(out SenderAction next, out ReadOnlyMemory<byte> batch)
    {
        next = SenderAction.None;
        batch = default;
        try
        {
            _write.GetResult();
        }
        catch (Exception exception)
        {
            Fail(exception);
            return false;
        }

        TaskCompletionSource? room;
        lock (_gate)
        {
            _buffers.Sent();
            next = _state.Written(_buffers.Pending > 0);
            if (next is SenderAction.Write or SenderAction.WriteLast)
            {
                batch = _buffers.TakeBatch();
            }
            else
            {
                // A silent direction holds no memory.
                _buffers.Release();
            }

            room = _room;
            _room = null;
        }

        room?.TrySetResult();
        if (next == SenderAction.Finish)
        {
            _completion.TrySetResult();
        }

        return next is SenderAction.Write or SenderAction.WriteLast;
    }

    private bool TryBegin(out SenderAction action, out ReadOnlyMemory<byte> batch)
    {
        batch = default;
        lock (_gate)
        {
            action = _state.Flush(_buffers.Pending > 0);
            if (action is not (SenderAction.Write or SenderAction.WriteLast))
            {
                return false;
            }

            batch = _buffers.TakeBatch();
            return true;
        }
    }

    private void Fail(Exception exception)
    {
        End(exception, isAbort: false);
        Reset(ResetCode.Cancelled);
        if (exception is not PeerException)
        {
            broken?.Invoke();
        }
    }

    // Without effect where the direction has ended; otherwise the peer would wait for what never comes.
    private void Reset(long code)
    {
        try
        {
            stream.AbortWrite(code);
        }
        catch (Exception exception)
        {
            // A stream of another transport may throw anything; the direction has ended for this side either way.
            Failure ??= exception;
        }
    }

    private void End(Exception? failure, bool isAbort)
    {
        SenderAction action;
        TaskCompletionSource? room;
        lock (_gate)
        {
            Failure ??= failure;
            action = isAbort ? _state.Abort() : _state.Failed();
            _buffers.DropPending();
            if (action == SenderAction.Finish)
            {
                _buffers.Sent();
            }

            room = _room;
            _room = null;
        }

        room?.TrySetResult();
        if (action == SenderAction.Finish)
        {
            _completion.TrySetResult();
        }
    }
}

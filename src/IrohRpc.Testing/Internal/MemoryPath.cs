using System.Buffers;

namespace IrohRpc.Testing.Internal;

/// <summary>
/// One direction of a link: bytes, and steps of the handshake, in the order in which they were sent. Each arrives after the delay that held when it was sent, and none
/// while the path is held.
/// </summary>
/// <remarks>Steps run on the thread that delivers them, one at a time and outside of the lock; bytes wait in an inbox, which wakes its reader on the thread pool.</remarks>
internal sealed class MemoryPath(TimeProvider clock, Func<TimeSpan> nextDelay)
{
    /// <summary>How many bytes may be under way before a writer waits: what the buffers of two sockets hold.</summary>
    public const int Capacity = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<Item> _items = new();
    private readonly MemoryInbox _inbox = new();
    private TaskCompletionSource? _room;
    private ITimer? _timer;
    private int _queued;
    private long _lastDue;
    private bool _isHeld;
    private bool _isPumping;
    private bool _isCut;
    private bool _hasReader = true;
    private bool _hasWriter = true;
    private bool _hasEnded;

    /// <summary>Holds everything back, or lets it go.</summary>
    public void Hold(bool hold)
    {
        lock (_gate)
        {
            _isHeld = hold;
        }

        Pump();
    }

    /// <summary>Sends a step of the handshake.</summary>
    public void Send(Action step)
    {
        lock (_gate)
        {
            if (!_isCut)
            {
                Enqueue(new Item(step, null, 0, Due()));
            }
        }

        Pump();
    }

    /// <summary>Sends bytes; waits where more are under way than the path holds.</summary>
    /// <exception cref="IOException">The path is cut.</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        lock (_gate)
        {
            if (IsFull() && CanWrite())
            {
                return WriteWhenThereIsRoomAsync(bytes, cancellationToken);
            }

            if (!CanWrite())
            {
                return ValueTask.FromException(Lost());
            }

            TakeIn(bytes.Span);
        }

        Pump();
        return ValueTask.CompletedTask;
    }

    /// <summary>The writer sends nothing more: the reader gets the end after everything else.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (_hasEnded || _isCut)
            {
                return;
            }

            _hasEnded = true;
            Enqueue(new Item(null, null, 0, Due()));
        }

        Pump();
    }

    /// <summary>Reads what has arrived; 0 at the end. A read into no memory waits until something has.</summary>
    /// <exception cref="IOException">The path is cut.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        ValueTask<int> read = _inbox.ReadAsync(destination, cancellationToken);
        if (Volatile.Read(ref _room) is not null)
        {
            lock (_gate)
            {
                WakeWriterIfThereIsRoom();
            }
        }

        return read;
    }

    /// <summary>Nobody reads any more: what is under way, and what is sent still, is lost like a letter to somebody who has moved.</summary>
    public void CloseReader()
    {
        lock (_gate)
        {
            _hasReader = false;
            _inbox.End(null);
            WakeWriter();
        }
    }

    /// <summary>Nobody writes any more: one who waits for room stops waiting.</summary>
    public void CloseWriter()
    {
        lock (_gate)
        {
            _hasWriter = false;
            WakeWriter();
        }
    }

    /// <summary>Drops everything that is under way, and fails reads and writes from now on.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            if (_isCut)
            {
                return;
            }

            _isCut = true;
            while (_items.TryDequeue(out Item item))
            {
                item.Release();
            }

            _timer?.Dispose();
            _inbox.End(Lost());
            WakeWriter();
        }
    }

    private static IOException Lost() => new("The connection of the memory network was lost.");

    private bool CanWrite() => !_isCut && _hasWriter;

    private bool IsFull() => _hasReader && _queued + _inbox.Length >= Capacity;

    private async ValueTask WriteWhenThereIsRoomAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (!CanWrite())
                {
                    throw Lost();
                }

                if (!IsFull())
                {
                    TakeIn(bytes.Span);
                    break;
                }

                room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

                // The reader may have made room before it could see that somebody waits.
                Interlocked.MemoryBarrier();
                WakeWriterIfThereIsRoom();
            }

            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        Pump();
    }

    private void TakeIn(ReadOnlySpan<byte> bytes)
    {
        if (!_hasReader)
        {
            return;
        }

        long due = Due();
        if (due == 0 && !_isHeld && _items.Count == 0)
        {
            // Arrives within this call, without a copy of its own.
            _inbox.Add(bytes);
            return;
        }

        byte[] copy = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(copy);
        _queued += bytes.Length;
        Enqueue(new Item(null, copy, bytes.Length, due));
    }

    private void Enqueue(in Item item) => _items.Enqueue(item);

    // Order is kept: what is sent later never arrives earlier.
    private long Due()
    {
        TimeSpan delay = nextDelay();
        if (delay == TimeSpan.Zero && _items.Count == 0)
        {
            return 0;
        }

        _lastDue = Math.Max(_lastDue, clock.GetTimestamp() + (long)(delay.TotalSeconds * clock.TimestampFrequency));
        return _lastDue;
    }

    private void Pump()
    {
        lock (_gate)
        {
            if (_isPumping)
            {
                return;
            }

            _isPumping = true;
        }

        while (TakeDue() is { } step)
        {
            step();
        }
    }

    // Delivers bytes, up to the next step, which is to run outside of the lock.
    private Action? TakeDue()
    {
        lock (_gate)
        {
            while (!_isHeld && !_isCut && _items.TryPeek(out Item item) && IsDue(item.Due))
            {
                _items.Dequeue();
                if (item.Step is not null)
                {
                    return item.Step;
                }

                if (item.Bytes is null)
                {
                    _inbox.End(null);
                }
                else
                {
                    _queued -= item.Length;
                    _inbox.Add(item.Bytes.AsSpan(0, item.Length));
                }

                item.Release();
            }

            _isPumping = false;
            return null;
        }
    }

    private bool IsDue(long due)
    {
        TimeSpan left = due == 0 ? TimeSpan.Zero : clock.GetElapsedTime(clock.GetTimestamp(), due);
        if (left <= TimeSpan.Zero)
        {
            return true;
        }

        // A timer counts whole milliseconds; rounding down would fire it early and again.
        _timer ??= clock.CreateTimer(static path => ((MemoryPath)path!).Pump(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        return false;
    }

    private void WakeWriterIfThereIsRoom()
    {
        if (!IsFull())
        {
            WakeWriter();
        }
    }

    private void WakeWriter()
    {
        _room?.TrySetResult();
        _room = null;
    }

    /// <summary>A step, or bytes, or neither: the end.</summary>
    private readonly record struct Item(Action? Step, byte[]? Bytes, int Length, long Due)
    {
        public void Release()
        {
            if (Bytes is not null)
            {
                ArrayPool<byte>.Shared.Return(Bytes);
            }
        }
    }
}

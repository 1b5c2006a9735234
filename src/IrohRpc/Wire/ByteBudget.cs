namespace IrohRpc.Wire;

/// <summary>
/// Counts the bytes that a peer makes this side hold, against a limit of its connection and one of its endpoint. Safe to use from several threads at once.
/// </summary>
/// <param name="limit">The most bytes.</param>
/// <param name="parent">The endpoint's budget; null where there is none.</param>
internal sealed class ByteBudget(long limit, ByteBudget? parent = null)
{
    // The connection borrows from the endpoint in pieces of this size, so that calls of different connections rarely meet there.
    private const long Piece = 64 * 1024;

    // So much is a connection's own, whatever the others of its endpoint hold: nobody who holds little is refused because of one who holds much.
    private const long Own = 4 * Piece;

    private readonly Lock _gate = new();
    private long _used;
    private long _borrowed;
    private TaskCompletionSource? _room;

    /// <summary>How many bytes are counted.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Whether more bytes are counted than the limit allows: what can wait has to.</summary>
    public bool IsExceeded => Used > limit;

    /// <summary>Counts bytes, unless they exceed a limit. One message always fits an empty budget, since a limit of its own has admitted it.</summary>
    public bool TryTake(long bytes)
    {
        long used = Interlocked.Add(ref _used, bytes);
        if (used == bytes)
        {
            if (parent is not null && used > Volatile.Read(ref _borrowed))
            {
                Borrow(used, force: true);
            }

            return true;
        }

        if (used <= limit && (parent is null || used <= Volatile.Read(ref _borrowed) || Borrow(used, force: used <= Own)))
        {
            return true;
        }

        Return(bytes);
        return false;
    }

    /// <summary>Counts bytes that are there already, whatever the limit.</summary>
    public void Take(long bytes)
    {
        long used = Interlocked.Add(ref _used, bytes);
        if (parent is not null && used > Volatile.Read(ref _borrowed))
        {
            Borrow(used, force: true);
        }
    }

    /// <summary>Counts bytes no longer.</summary>
    public void Return(long bytes)
    {
        if (bytes == 0)
        {
            return;
        }

        long used = Interlocked.Add(ref _used, -bytes);
        if (parent is not null && Volatile.Read(ref _borrowed) - used > 4 * Piece)
        {
            GiveBack();
        }

        if (Volatile.Read(ref _room) is not null)
        {
            WakeUp();
        }
    }

    /// <summary>Whether so many bytes more would be counted by <see cref="TryTake"/>, as far as this budget goes.</summary>
    public bool Fits(long bytes)
    {
        long used = Used;
        return used <= 0 || used + bytes <= limit;
    }

    /// <summary>Waits until <see cref="Fits"/> holds.</summary>
    public async ValueTask WaitForRoomAsync(long bytes, CancellationToken cancellationToken)
    {
        while (!Fits(bytes))
        {
            Task room;
            lock (_gate)
            {
                room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            // Looks again: the last bytes may have been returned before the waiter was visible.
            if (Fits(bytes))
            {
                WakeUp();
            }

            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The connection has ended: what it borrowed goes back, and nobody waits any longer.</summary>
    public void Close()
    {
        lock (_gate)
        {
            parent?.Return(_borrowed);
            _borrowed = long.MaxValue / 2;
        }

        WakeUp();
    }

    private bool Borrow(long used, bool force)
    {
        lock (_gate)
        {
            long missing = used - _borrowed;
            if (missing <= 0)
            {
                return true;
            }

            long wanted = (missing + Piece - 1) / Piece * Piece;
            if (force)
            {
                parent!.Take(wanted);
            }
            else if (!parent!.TryTake(wanted))
            {
                return false;
            }

            _borrowed += wanted;
            return true;
        }
    }

    private void GiveBack()
    {
        lock (_gate)
        {
            long spare = (_borrowed - Math.Max(0, Used)) / Piece * Piece - Piece;
            if (spare > 0 && _borrowed < long.MaxValue / 4)
            {
                _borrowed -= spare;
                parent!.Return(spare);
            }
        }
    }

    private void WakeUp()
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            room = _room;
            _room = null;
        }

        room?.TrySetResult();
    }
}

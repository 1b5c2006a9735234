namespace IrohRpc.Transports.Internal;

/// <summary>Those who wait for a stream of one kind, in order. The connection's lock guards it.</summary>
/// <remarks>A connection waits for streams for as long as it lives: a waiter is one object, and its own place in the line.</remarks>
/// <param name="gate">The connection's lock; a cancelled wait takes it.</param>
internal sealed class StreamWaiters(Lock gate)
{
    private StreamWaiter? _first;
    private StreamWaiter? _last;

    /// <summary>Whether anybody waits.</summary>
    public bool Any => _first is not null;

    /// <summary>Lines up.</summary>
    public StreamWaiter Add()
    {
        var waiter = new StreamWaiter(this) { Previous = _last };
        if (_last is null)
        {
            _first = waiter;
        }
        else
        {
            _last.Next = waiter;
        }

        _last = waiter;
        return waiter;
    }

    /// <summary>Gives a stream to the one who has waited longest.</summary>
    public void Complete(PeerStream stream)
    {
        StreamWaiter first = _first!;
        Remove(first);
        first.SetResult(stream);
    }

    /// <summary>Ends all waits.</summary>
    /// <param name="reason">Makes the exception for each.</param>
    public void Fail(Func<Exception> reason)
    {
        while (_first is { } first)
        {
            Remove(first);
            first.SetException(reason());
        }
    }

    /// <summary>Whoever is cancelled leaves the line, and no stream is lost. Outside of the lock.</summary>
    public void Cancel(StreamWaiter waiter, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (waiter.IsWaiting)
            {
                Remove(waiter);
                waiter.SetException(new OperationCanceledException(cancellationToken));
            }
        }
    }

    private void Remove(StreamWaiter waiter)
    {
        if (waiter.Previous is null)
        {
            _first = waiter.Next;
        }
        else
        {
            waiter.Previous.Next = waiter.Next;
        }

        if (waiter.Next is null)
        {
            _last = waiter.Previous;
        }
        else
        {
            waiter.Next.Previous = waiter.Previous;
        }

        waiter.Previous = waiter.Next = null;
        waiter.IsWaiting = false;
    }
}

namespace IrohRpc.Transports.Internal;

/// <summary>The streams of one kind that the peer opened and nobody has accepted yet, or those who wait for one. Holds next to nothing while empty.</summary>
/// <remarks>All members are safe to call from several threads at once. A cancelled wait loses no stream.</remarks>
internal sealed class ArrivedStreams
{
    private readonly Lock _gate = new();
    private readonly StreamWaiters _waiters;
    private Queue<PeerStream>? _streams;
    private Func<Exception>? _closed;

    public ArrivedStreams() => _waiters = new StreamWaiters(_gate);

    /// <summary>Adds a stream; where the connection has ended it goes with that, and nobody gets it here.</summary>
    public void Add(PeerStream stream)
    {
        lock (_gate)
        {
            if (_waiters.Any)
            {
                _waiters.Complete(stream);
            }
            else if (_closed is null)
            {
                (_streams ??= new Queue<PeerStream>()).Enqueue(stream);
            }
        }
    }

    /// <summary>The next stream.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<PeerStream> TakeAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<PeerStream>(cancellationToken);
        }

        StreamWaiter place;
        lock (_gate)
        {
            if (_streams is { Count: > 0 } streams)
            {
                PeerStream stream = streams.Dequeue();
                if (streams.Count == 0)
                {
                    _streams = null;
                }

                return new ValueTask<PeerStream>(stream);
            }

            if (_closed is not null)
            {
                return ValueTask.FromException<PeerStream>(_closed());
            }

            place = _waiters.Add();
        }

        return place.WaitAsync(cancellationToken);
    }

    /// <summary>Fails everybody who waits or comes later, once what has arrived is gone.</summary>
    /// <param name="reason">Makes the exception for each.</param>
    public void Close(Func<Exception> reason)
    {
        lock (_gate)
        {
            _closed ??= reason;
            _waiters.Fail(reason);
        }
    }
}
